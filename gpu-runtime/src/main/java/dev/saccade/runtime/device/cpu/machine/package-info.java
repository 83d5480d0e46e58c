/**
 * Machine code that the engine writes itself, for instructions that neither the Vector API nor a shipped library reaches:
 * what the processor has, an assembler for the few instructions that are used, and memory that may be executed.
 */
@NullMarked
package dev.saccade.runtime.device.cpu.machine;

import org.jspecify.annotations.NullMarked;
