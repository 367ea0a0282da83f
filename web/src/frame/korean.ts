// The Korean words of a picture of a view, written by the page, which brings its font. It knows nothing else of the picture.
export interface Written {
    readonly text: string;
    readonly font: string;
    readonly fill: string;
    readonly opacity: number;
    readonly x: number;
    readonly y: number;
    /** From its own units to the picture's. */
    readonly matrix: DOMMatrix;
}

/** Take the Korean words out of a picture: it would have the system's fonts alone, and not every system has Korean. */
export function koreanOf(svg: SVGSVGElement): Written[] {
    const found: Written[] = [];
    svg.style.setProperty("position", "fixed");
    svg.style.setProperty("visibility", "hidden");
    document.body.append(svg); // where text is measured
    const origin = svg.getScreenCTM()!.inverse();
    for (const element of svg.querySelectorAll<SVGTextContentElement>("text, tspan")) {
        const text = element.textContent;
        if (element.childElementCount > 0 || !/[\uac00-\ud7a3]/.test(text) || element.getNumberOfChars() === 0) continue;
        const look = getComputedStyle(element), { x, y } = element.getStartPositionOfChar(0);
        let opacity = 1;
        for (let at: Element | null = element; at && at !== svg; at = at.parentElement) opacity *= Number(getComputedStyle(at).opacity);
        const font = `${look.fontStyle} ${look.fontWeight} ${look.fontSize} ${look.fontFamily}`, matrix = origin.multiply(element.getScreenCTM()!);
        if (look.display !== "none" && opacity > 0) found.push({ text, font, fill: look.fill, opacity, x, y, matrix });
        element.style.setProperty("fill", "none");
    }
    svg.remove();
    svg.style.removeProperty("position");
    svg.style.removeProperty("visibility");
    return found;
}

/** Write it where it stood; `sharp`: pixels for one unit of the picture. */
export function write(pen: CanvasRenderingContext2D, { text, font, fill, opacity, x, y, matrix }: Written, sharp: number): void {
    pen.setTransform(new DOMMatrix([sharp, 0, 0, sharp, 0, 0]).multiply(matrix));
    [pen.font, pen.fillStyle, pen.globalAlpha] = [font, fill, opacity];
    pen.fillText(text, x, y);
}
