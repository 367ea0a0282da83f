// What the link says of this room: one entry a property, its key the name in the link.
import { choice, flag, whole } from "../../state/property.ts";

export const forwardLink = {
    /** How deep: the whole network, one layer's matrix, one neuron's sum. */
    depth: choice(["whole", "layer", "neuron"], "whole"),
    /** The layer and neuron that are looked at: layers from 2, neurons from 0. */
    layer: whole(2, 2, 20),
    neuron: whole(0, 0, 99_999),
    /** w·[a;1], or W·a + b. */
    bias: choice(["one", "separate"], "one"),
    /** The colors of weights: a scale for each matrix, or one for the whole screen. */
    scale: choice(["layer", "screen"], "layer"),
    /** Feed the drawing as it is, without size-normalizing and centering. */
    raw: flag(false),
    /** The digit that a drawing or a picture is meant to be; -1 while nobody has said. */
    label: whole(-1, -1, 9),
} as const;
