/**
 * A value that is none by RFC 8949, that JSON has no place for, or that is beyond a bound. Jackson writes no such value
 * of ordinary size. Unlike those of cbor2's errors, the message quotes nothing.
 */
export class CborFault extends Error {}
