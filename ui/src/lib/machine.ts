// What the keyboard in front of the window is.

export const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);
