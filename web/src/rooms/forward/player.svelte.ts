// The caret's clock: playing, stepping, jumping. The caret is `studio.step`; here is only how far the step has got.
import { studio } from "../../state/studio.svelte.ts";
import { duration } from "../../stage/choreography.ts";

let playing = $state(false);
let single = false; // one step only
let progress = $state(1);
let speed = $state(1);
let steps: readonly string[] = [];
let frame = 0;
let before = 0;

const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
const place = () => Math.max(0, steps.indexOf(studio.step));

export const SPEEDS = [0.5, 1, 2, 4] as const;

export const player = {
    get playing() {
        return playing;
    },
    /** Of the current step, 0 … 1; 1 while it stands. */
    get progress() {
        return progress;
    },
    get speed() {
        return speed;
    },
    set speed(value: number) {
        speed = value;
    },
    /** The steps there are. A caret on another step goes to the last one. */
    follow(ids: readonly string[]): void {
        steps = ids;
        if (!ids.includes(studio.step)) player.stand(ids.length - 1);
    },
    play(): void {
        if (place() === steps.length - 1 && progress === 1) jump(0, 0);
        else if (progress === 1) jump(place() + 1, 0);
        [playing, single] = [true, false];
        run();
    },
    pause(): void {
        playing = false;
        stop();
        progress = 1;
    },
    toggle(): void {
        if (playing) player.pause();
        else player.play();
    },
    /** One step on, shown as it happens. */
    forth(): void {
        const running = progress < 1;
        player.pause();
        if (running || place() === steps.length - 1) return;
        jump(place() + 1, 0);
        single = true;
        run();
    },
    back(): void {
        player.stand(place() - 1);
    },
    /** Stand on a step, all of it there. */
    stand(at: number): void {
        playing = false;
        stop();
        jump(Math.max(0, Math.min(steps.length - 1, at)), 1);
    },
    /** From the first step on, for a page that has just been opened. */
    begin(): void {
        jump(0, 0);
        [playing, single] = [true, false];
        run();
    },
    stop,
};

function jump(at: number, share: number): void {
    studio.step = steps[at] ?? "x";
    progress = still() ? 1 : share;
}

function stop(): void {
    cancelAnimationFrame(frame);
    frame = 0;
    single = false;
}

function run(): void {
    cancelAnimationFrame(frame);
    before = performance.now();
    if (still()) {
        // No motion: a step stands for its time, then the next one does.
        progress = 1;
        if (single) return stop();
    }
    let waited = 0;
    const tick = (now: number) => {
        const share = (Math.min(100, now - before) / 1000) * (speed / duration(studio.step));
        before = now;
        if (still()) waited += share;
        else progress = Math.min(1, progress + share);
        const done = still() ? waited >= 1 : progress === 1;
        if (done) {
            waited = 0;
            if (single) return stop();
            if (place() === steps.length - 1) return player.pause();
            jump(place() + 1, 0);
        }
        frame = requestAnimationFrame(tick);
    };
    frame = requestAnimationFrame(tick);
}
