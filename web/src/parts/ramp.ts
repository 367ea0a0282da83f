// The colors of values on canvases: ramps read from the style sheet's tokens, so that a theme changes them too.
import { scaleLinear } from "d3-scale";
import { interpolateRgb } from "d3-interpolate";

/** What a matrix shows decides its colors; `weight` and `gradient` have two sides, the others go from 0 to 1. */
export type Role = "data" | "activation" | "weight" | "gradient";

export interface Ramp {
    readonly role: Role;
    /** 256 colors from the lowest to the highest value, r g b each. */
    readonly table: Uint8ClampedArray;
    /** Whether it runs from −scale to scale. */
    readonly signed: boolean;
}

const STEPS = 1024;

function side(token: string): (share: number) => string {
    const text = getComputedStyle(document.documentElement).getPropertyValue(token).trim();
    const stops = text.split(",").map((stop) => stop.trim().split(/\s+/) as [string, string]);
    return scaleLinear<string>().domain(stops.map(([, at]) => Number(at))).range(stops.map(([color]) => color)).interpolate(interpolateRgb).clamp(true);
}

/** Make the ramp of a role from the tokens as they are now. */
export function rampOf(role: Role): Ramp {
    const signed = role === "weight" || role === "gradient";
    const family = role === "gradient" ? "gradient-" : "";
    const one = signed ? side(`--ramp-${family}positive`) : side(`--ramp-${role}`);
    const other = signed ? side(`--ramp-${family}negative`) : one;
    const table = new Uint8ClampedArray(3 * STEPS);
    for (let i = 0; i < STEPS; i++) {
        const share = i / (STEPS - 1), value = 2 * share - 1;
        const color = !signed ? one(share) : value < 0 ? other(-value) : one(value);
        const parts = color.match(/\d+(\.\d+)?/g)!.map(Number);
        table.set(parts.slice(0, 3), 3 * i);
    }
    return { role, table, signed };
}

/** The place of a value's color in the table: multiply by 3. What is no number is drawn as 0. */
export function colorIndex(ramp: Ramp, value: number, scale: number): number {
    const share = Number.isFinite(value) ? value / scale : Number.isNaN(value) ? 0 : Math.sign(value);
    const place = ramp.signed ? (share + 1) / 2 : share;
    return Math.round(Math.min(1, Math.max(0, place)) * (STEPS - 1));
}

export function cssColor(ramp: Ramp, value: number, scale: number): string {
    const at = 3 * colorIndex(ramp, value, scale);
    return `rgb(${ramp.table[at]} ${ramp.table[at + 1]} ${ramp.table[at + 2]})`;
}

/** Whether dark or light text is easier to read on a value's color (relative luminance, WCAG 2.2). */
export function inkOn(ramp: Ramp, value: number, scale: number): string {
    const at = 3 * colorIndex(ramp, value, scale);
    const [red, green, blue] = [0, 1, 2].map((i) => {
        const part = ramp.table[at + i]! / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    }) as [number, number, number];
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? "#000000" : "#ffffff";
}
