// The suite is not written yet.
export {};
