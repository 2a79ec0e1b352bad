/**
 * For tests of whole processes: none asserts how long something takes, so each gets the time of a machine on which ten other
 * things run. What never ends still fails.
 */
import { vi } from "vitest";

vi.setConfig({ testTimeout: 300_000, hookTimeout: 180_000 });
