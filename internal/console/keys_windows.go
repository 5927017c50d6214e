package console

// suspendKey is what Ctrl-Z is: on Windows, the end of the input.
const suspendKey = keyEndOfInput
