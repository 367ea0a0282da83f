// Explain mode: while it is on, a click on anything with data-explain (or data-step) says what that is, and does nothing else.

let on = $state(false);
let id: string | null = $state(null);
let aside: "left" | "right" = $state("right");

export const explain = {
    get on() {
        return on;
    },
    /** The thing that is explained, or null. */
    get id() {
        return id;
    },
    toggle(): void {
        on = !on;
        id = null;
    },
    end(): void {
        on = false;
        id = null;
    },
    /** Where the explanation is shown: not over the thing that it explains. */
    get side() {
        return aside;
    },
    show(thing: string | null, x = 0): void {
        id = thing;
        aside = x > innerWidth / 2 ? "left" : "right";
    },
};

/** Return the id of the thing at a click, the innermost one. */
export function thingAt(target: EventTarget | null): string | null {
    const element = target instanceof Element ? target.closest<HTMLElement | SVGElement>("[data-explain], [data-step]") : null;
    if (!element) return null;
    return element.dataset["explain"] ?? `step:${element.dataset["step"]}`;
}
