// Where everything lies in the core's memory: the core allocates nothing, so this hands out places and takes them back.
//
// A place begins at a multiple of 64; what it held before is still in it, and the core writes before it reads. Views into
// the memory are made when they are used and not kept: growing the memory detaches them.
import { UnavailableError } from "./errors.ts";
import { say } from "./words.ts";

const ALIGNMENT = 64;
const PAGE = 65536;
const MOST = 2 ** 32 - PAGE; // what 32 bits can address

interface Piece {
    at: number;
    bytes: number;
}
type Put = Uint8Array | Int32Array | Uint32Array | Float32Array | Float64Array;

/** Places that are handed out together and given back together. */
export interface Places {
    /** Return a new place of so many bytes. */
    take(bytes: number): number;
    /** Return a new place with a copy of `array`. */
    put(array: Put): number;
}

export class Memory implements Places {
    private readonly memory: WebAssembly.Memory;
    private readonly taken = new Map<number, number>(); // bytes of each place
    private readonly free: Piece[] = []; // by address, no two of them touching
    private end: number;

    /** `start`: the first byte that the core leaves to its caller. */
    constructor(memory: WebAssembly.Memory, start: number) {
        this.memory = memory;
        this.end = start;
    }

    /** The bytes that are handed out now. */
    get used(): number {
        return [...this.taken.values()].reduce((sum, bytes) => sum + bytes, 0);
    }

    take(bytes: number): number {
        const size = Math.max(1, Math.ceil(bytes / ALIGNMENT)) * ALIGNMENT;
        const piece = this.free.find((candidate) => candidate.bytes >= size) ?? this.grown(size);
        const at = piece.at;
        piece.at += size;
        piece.bytes -= size;
        if (piece.bytes === 0) this.free.splice(this.free.indexOf(piece), 1);
        this.taken.set(at, size);
        return at;
    }

    put(array: Put): number {
        const at = this.take(array.byteLength);
        this.uint8(at, array.byteLength).set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
        return at;
    }

    /** Take a place back; nothing happens if it was given back already. */
    give(at: number): void {
        const bytes = this.taken.get(at);
        if (bytes === undefined) return;
        this.taken.delete(at);
        let next = this.free.findIndex((piece) => piece.at > at);
        if (next < 0) next = this.free.length;
        this.free.splice(next, 0, { at, bytes });
        this.join(next);
        this.join(next - 1);
    }

    /** Do `work` with places that are taken back afterwards, also after an error. */
    lend<T>(work: (places: Places) => T): T {
        const lent: number[] = [];
        const note = (at: number) => (lent.push(at), at);
        try {
            return work({ take: (bytes) => note(this.take(bytes)), put: (array) => note(this.put(array)) });
        } finally {
            for (const at of lent) this.give(at);
        }
    }

    uint8(at: number, length: number): Uint8Array {
        return new Uint8Array(this.memory.buffer, at, length);
    }
    uint32(at: number, length: number): Uint32Array {
        return new Uint32Array(this.memory.buffer, at, length);
    }
    float32(at: number, length: number): Float32Array {
        return new Float32Array(this.memory.buffer, at, length);
    }

    /** Make one of free pieces `index` and `index + 1` if they touch. */
    private join(index: number): void {
        const [piece, next] = [this.free[index], this.free[index + 1]];
        if (piece === undefined || next === undefined || piece.at + piece.bytes !== next.at) return;
        piece.bytes += next.bytes;
        this.free.splice(index + 1, 1);
    }

    /** The last free piece, made `size` bytes long by new memory. */
    private grown(size: number): Piece {
        const last = this.free.at(-1);
        const at = last !== undefined && last.at + last.bytes === this.end ? last.at : this.end;
        const missing = Math.ceil((at + size - this.memory.buffer.byteLength) / PAGE);
        try {
            if (at + size > MOST) throw new RangeError();
            if (missing > 0) this.memory.grow(missing);
        } catch {
            throw new UnavailableError(say("memory"), {
                expected: say("at most {most:,} bytes", { most: MOST - at }),
                found: size.toLocaleString("en-US"),
                advice: say("use fewer or smaller layers"),
            });
        }
        this.end = at + size;
        if (at === last?.at) {
            last.bytes = size;
            return last;
        }
        const piece = { at, bytes: size };
        this.free.push(piece);
        return piece;
    }
}
