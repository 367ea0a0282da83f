// What the link says of this room: one entry a property, its key the name in the link.
import { choice, decimal, flag, text, whole } from "../../state/property.ts";
import { HIDDEN, PAIRS } from "../../core/architecture.ts";
import { OPTIMIZERS, SCHEDULES } from "../../core/rule.ts";

export const SPEEDS = ["slow", "2", "10", "50", "full"] as const;

export const trainLink = {
    sizes: text("784-14-10", /\d{1,6}(-\d{1,6}){1,8}/, 60),
    hidden: choice(HIDDEN, "sigmoid"),
    pair: choice(PAIRS, "sigmoid + squared_error"),
    optimizer: choice(OPTIMIZERS, "sgd"),
    rate: decimal(1, 0, 1e6),
    /** Whether the rate was typed: such a one stays when the network changes. */
    typedRate: flag(false),
    momentum: decimal(0.9, 0, 1),
    schedule: choice(SCHEDULES, "constant"),
    warmup: decimal(0, 0, 100_000),
    batch: whole(100, 1, 10_000_000),
    epochs: whole(10, 1, 100_000),
    /** How far images are distorted at most: degrees, shares of width and height, pixels. */
    rotateBy: decimal(0, 0, 45),
    scaleBy: decimal(0, 0, 0.9),
    shearBy: decimal(0, 0, 1),
    shiftBy: decimal(0, 0, 14),
    elasticBy: decimal(0, 0, 14),
    undistorted: whole(0, 0, 100_000),
    /** Epochs between evaluations, 0 for only at the end. */
    evaluateEvery: whole(1, 0, 100_000),
    seed: text("0", /\d{1,20}/, 20),
    /** The first so many training images; 0 for all. */
    count: whole(0, 0, 1_000_000_000),
    speed: choice(SPEEDS, "full"),
    /** The update that is looked at; -1 for the newest. */
    update: whole(-1, -1, 1_000_000_000),
    /** The image of the batch that is explained; -1 for all. */
    place: whole(-1, -1, 10_000_000),
    /** The weight that is explained, w1_3_405; empty for the one with the largest gradient. */
    weight: text("", /(?:w\d{1,2}_\d{1,6}_\d{1,6})?/, 20),
} as const;
