// What the link says of this room: one entry a property, its key the name in the link.
import { choice, whole } from "../../state/property.ts";

export const dataLink = {
    /** What hangs on the wall: a set, a label (-1 for all), and whether the network reads it rightly. */
    wall: choice(["all", "train", "validation", "test"], "all"),
    wallLabel: whole(-1, -1, 9),
    wallRead: choice(["all", "wrong", "right"], "all"),
    wallOrder: choice(["number", "label", "loss"], "number"),
    /** Width of a picture on the wall, in pixels of the page. */
    tile: whole(34, 20, 84),
    /** The matrix of numbers: 0 … 1 as on the slides, or bytes. */
    cells: choice(["unit", "byte"], "unit"),
} as const;
