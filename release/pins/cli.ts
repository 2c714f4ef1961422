/** The command has no entry that anybody imports. */
export const CLI_PINS = {};
