/** Tests at a terminal. Apart from the terminal itself, which benchmarks use too. */
import { testNeeding } from "./needing.ts";
import { hasPty } from "./pty.ts";

export const ptyTest = testNeeding("node-pty", hasPty);
