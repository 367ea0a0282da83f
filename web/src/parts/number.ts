// Numbers as text: four decimals to read, every digit to compute with. The rules are those of show/numbers.py.

/** Decimals from which a number is shown to be reckoned with: a tiny one is then no 0. */
const EXACT = 6;

/** `0.1234`, with a real minus; `sign` writes the + too, and no sign where the digits shown are all 0. */
export function written(value: number, { sign = false, decimals = 4 } = {}): string {
    if (Number.isNaN(value)) return "nan";
    if (!Number.isFinite(value)) return value < 0 ? "−∞" : sign ? "+∞" : "∞";
    const size = Math.abs(value);
    const tiny = decimals >= EXACT && size > 0 && Number(size.toFixed(decimals)) === 0;
    const digits = size >= 1e7 || tiny ? exponential(size) : size.toFixed(decimals);
    if (Number(digits) === 0) return digits;
    return (value < 0 ? "−" : sign ? "+" : "") + digits;
}

function exponential(size: number): string {
    const [digits, power] = size.toExponential(4).split("e") as [string, string];
    return `${digits}e${power[0]}${power.slice(1).padStart(2, "0")}`;
}

/** The shortest text that gives the same float32 again, as `--json` writes it. */
export function shortest32(value: number): string {
    if (!Number.isFinite(value)) return String(value);
    const single = Math.fround(value);
    for (let precision = 1; precision < 9; precision++) {
        const text = single.toPrecision(precision);
        if (Math.fround(Number(text)) === single) return String(Number(text));
    }
    return String(Number(single.toPrecision(9)));
}
