// Numbers as Python writes them: the shortest text of a float32, and the format `g`. It rounds nothing else.

/** A number as the shortest text that gives the same float32, a float64 that is none with 9 digits, as Python writes them. */
export function shortestText(value: number): string {
    if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
    if (Math.fround(value) !== value) return general(value, 9);
    if (value === 0) return Object.is(value, -0) ? "-0" : "0";
    for (let digits = 1; digits < 9; digits++) {
        const text = value.toExponential(digits - 1);
        if (Math.fround(Number(text)) === value) return positional(text, 16);
    }
    return positional(value.toExponential(8), 16);
}

/** Python's `g` format with so many digits. */
export function general(value: number, digits: number): string {
    if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
    if (value === 0) return "0";
    return positional(value.toExponential(digits - 1), digits);
}

/** Write `1.25e-3` without exponent where Python does: from 1e-4 to below 10^`limit`; zeros at the end fall away. */
function positional(exponential: string, limit: number): string {
    const [mantissa, power] = exponential.split("e") as [string, string], exponent = Number(power);
    const short = mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa;
    if (exponent < -4 || exponent >= limit) {
        const size = String(Math.abs(exponent)).padStart(2, "0");
        return `${short}e${exponent < 0 ? "-" : "+"}${size}`;
    }
    const sign = short.startsWith("-") ? "-" : "", figures = short.replace(/[-.]/g, "");
    if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${figures}`;
    const whole = figures.slice(0, exponent + 1).padEnd(exponent + 1, "0"), rest = figures.slice(exponent + 1);
    return sign + whole + (rest && `.${rest}`);
}
