// Base64 (RFC 4648, section 4) as bytes. It checks no length.

export function fromBase64Bytes(text: string): Uint8Array {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
