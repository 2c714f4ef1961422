// The legacy names are not written yet.
export {};
