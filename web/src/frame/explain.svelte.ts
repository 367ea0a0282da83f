// Explain mode: while it is on, a click on anything with data-explain (or data-step) says what that is, and does nothing else.

let on = $state(false);
let id: string | null = $state(null);

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
    show(thing: string | null): void {
        id = thing;
    },
};

/** Return the id of the thing at a click, the innermost one. */
export function thingAt(target: EventTarget | null): string | null {
    const element = target instanceof Element ? target.closest<HTMLElement | SVGElement>("[data-explain], [data-step]") : null;
    if (!element) return null;
    return element.dataset["explain"] ?? `step:${element.dataset["step"]}`;
}
