import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { throttle } from "./watch-hub.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("the first call acts at once, those within the period become one at its end", () => {
	const act = vi.fn();
	const throttled = throttle(100, act);
	for (let i = 0; i < 5; i++) throttled.call();
	expect(act).toHaveBeenCalledTimes(1);
	vi.advanceTimersByTime(100);
	expect(act).toHaveBeenCalledTimes(2);
	vi.advanceTimersByTime(1_000);
	expect(act).toHaveBeenCalledTimes(2);
});

test("after cancel nothing is called any more", () => {
	const act = vi.fn();
	const throttled = throttle(100, act);
	throttled.call();
	throttled.call();
	throttled.cancel();
	vi.advanceTimersByTime(1_000);
	expect(act).toHaveBeenCalledTimes(1);
});
