// What the link says of this room: one entry a property, its key the name in the link.
import type { Table } from "../../state/property.ts";

export const handwritingLink = {} as const satisfies Table;
