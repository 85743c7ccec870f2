// Whether an input method (Chinese, Japanese, Korean…) is putting a character together: Enter and Escape then belong to it, not to us.

export interface KeyLike { isComposing?: boolean; keyCode?: number }

/** Old input methods on Windows and Linux set no `isComposing` but send key code 229. Takes React's and the DOM's events. */
export function isComposing(press: KeyLike | { nativeEvent: KeyLike }): boolean {
  const native = 'nativeEvent' in press ? press.nativeEvent : press;
  return native.isComposing === true || native.keyCode === 229;
}
