// Code and formulas cut into pieces: the names of values, the sizes that have a color, and the rest. It draws nothing.

export interface Token {
    readonly text: string;
    /** The value that is named: z2, w1, a2_1, loss. */
    readonly name?: string;
    /** "784", "14", "10" or "1": the size whose color the number takes. */
    readonly size?: string;
}

const PIECES = /([A-Za-z_][A-Za-z_0-9]*(?:\u0302\d*)?)|(\d+(?:\.\d+)?)|([^A-Za-z_0-9]+)/g;
const VALUE = /^(?:x|t|e|s|c|loss|label|image|(?:new_)?[awzvmWb]\d+(?:_1)?|d_[awz]\d+|a\d+_1)$/;

/** 785 and 15 are 784 and 14 with the 1: they keep the layer's color. */
const SIZES: Readonly<Record<string, string>> = { "784": "784", "785": "784", "14": "14", "15": "14", "10": "10", "1": "1" };

/** Whether an x is the sign between two sizes (784 x 1) or what sigmoid calls its argument, and not the image. */
function isOther(text: string, at: number, word: string): boolean {
    return word === "x" && (/[\d)] $/.test(text.slice(0, at)) || /(?:def sigmoid\(|exp\(-)$/.test(text.slice(0, at)));
}

export function tokens(text: string, sized = false): Token[] {
    return [...text.matchAll(PIECES)].map(({ 0: piece, 1: word, 2: number, index }) => {
        if (word !== undefined && VALUE.test(word) && !isOther(text, index, word)) return { text: piece, name: word };
        const size = sized && number !== undefined ? SIZES[number] : undefined;
        return size ? { text: piece, size } : { text: piece };
    });
}
