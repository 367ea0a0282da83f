// What the pointer is on, everywhere at once: a value, or one place in it; a click pins it. It knows no screen.

export interface Spot {
    /** The value's name in the code: x, w1, z2, a2_1. */
    readonly name: string;
    readonly row?: number;
    readonly column?: number;
}

let hovered: Spot | null = $state.raw(null);
let pinned: Spot | null = $state.raw(null);

export const focus = {
    /** What is shown as lit: the pinned spot, or the one under the pointer. */
    get spot(): Spot | null {
        return hovered ?? pinned;
    },
    get pinned(): Spot | null {
        return pinned;
    },
    hover(spot: Spot | null): void {
        if (spot?.name !== hovered?.name || spot?.row !== hovered?.row || spot?.column !== hovered?.column) hovered = spot;
    },
    /** Pin a spot; the same spot again lets it go. */
    pin(spot: Spot | null): void {
        const same = spot && pinned && spot.name === pinned.name && spot.row === pinned.row && spot.column === pinned.column;
        pinned = same ? null : spot;
    },
    /** Whether this value, or this place in it, is lit. A spot without a place lights the whole value. */
    touches(name: string, row?: number, column?: number): boolean {
        const spot = hovered ?? pinned;
        if (spot === null || spot.name !== name) return false;
        const fits = (one: number | undefined, other: number | undefined) => one === undefined || other === undefined || one === other;
        return fits(spot.row, row) && fits(spot.column, column);
    },
};
