// The tables that a room can save as CSV: it says their names and gives their rows when asked.
import { untrack } from "svelte";
import type { Word } from "../words/words.ts";

export interface SavedTable {
    readonly name: Word;
    /** The file's name, without ".csv". */
    readonly file: string;
    /** The first row names the columns; numbers keep all their digits. */
    rows(): readonly (readonly (string | number)[])[];
}

let tables: readonly SavedTable[] = $state.raw([]);

export const savedTables = {
    get all() {
        return tables;
    },
};

/** Offer a table while the component that calls this is shown. */
export function offerTable(table: SavedTable): void {
    $effect(() => {
        tables = [...untrack(() => tables), table];
        return () => {
            tables = tables.filter((other) => other !== table);
        };
    });
}

/** Rows as CSV (RFC 4180). */
export function csv(rows: readonly (readonly (string | number)[])[]): string {
    const field = (value: string | number) => (/[",\r\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value));
    return rows.map((row) => row.map(field).join(",") + "\r\n").join("");
}
