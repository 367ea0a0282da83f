// The picture that is there at the start: eight test digits on a sheet of ruled paper with a shadow over it. It reads none.
import { engine } from "../../engine/engine.ts";

/** Of the test set; they read 0 5 2 2 1 8 5 9. */
const INDICES = [3, 8, 1, 35, 2, 61, 15, 7] as const;
const SIZE = 84, WIDTH = 8 * SIZE + 64, HEIGHT = 190;

export async function example(): Promise<Blob> {
    const { images } = await engine().images("test", [...INDICES]);
    const canvas = new OffscreenCanvas(WIDTH, HEIGHT), context = canvas.getContext("2d")!;
    const light = context.createLinearGradient(0, 0, WIDTH, HEIGHT);
    light.addColorStop(0, "#fdfaf1");
    light.addColorStop(1, "#c9c4b6");
    context.fillStyle = light;
    context.fillRect(0, 0, WIDTH, HEIGHT);
    context.fillStyle = "rgb(110 140 190 / 55%)";
    for (const line of [38, 95, 152]) context.fillRect(0, line, WIDTH, 1.5);
    INDICES.forEach((_, k) => {
        const ink = new ImageData(28, 28);
        for (let i = 0; i < 784; i++) ink.data.set([24, 40, 92, images[784 * k + i]!], 4 * i);
        const small = new OffscreenCanvas(28, 28);
        small.getContext("2d")!.putImageData(ink, 0, 0);
        context.save();
        context.translate(32 + (k + 0.5) * SIZE, 92 + 7 * Math.sin(2.1 * k));
        context.rotate(0.06 * Math.sin(1.7 * k));
        context.drawImage(small, -SIZE / 2, -SIZE / 2, SIZE, SIZE);
        context.restore();
    });
    return canvas.convertToBlob({ type: "image/png" });
}
