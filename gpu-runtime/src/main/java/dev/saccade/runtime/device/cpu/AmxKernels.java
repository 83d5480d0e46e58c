package dev.saccade.runtime.device.cpu;

import static dev.saccade.runtime.device.cpu.machine.Register.R10;
import static dev.saccade.runtime.device.cpu.machine.Register.R11;
import static dev.saccade.runtime.device.cpu.machine.Register.R8;
import static dev.saccade.runtime.device.cpu.machine.Register.R9;
import static dev.saccade.runtime.device.cpu.machine.Register.RAX;
import static dev.saccade.runtime.device.cpu.machine.Register.RCX;
import static dev.saccade.runtime.device.cpu.machine.Register.RDI;
import static dev.saccade.runtime.device.cpu.machine.Register.RDX;
import static dev.saccade.runtime.device.cpu.machine.Register.RSI;

import dev.saccade.runtime.device.cpu.machine.Assembler;
import dev.saccade.runtime.device.cpu.machine.MachineCode;
import dev.saccade.runtime.device.cpu.machine.Processor;
import dev.saccade.runtime.device.cpu.machine.Register;
import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandle;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Products of bf16 by AMX, which multiplies a tile of (16 rows, 32 inputs) by one of (32 inputs, 16 outputs) in one
 * instruction. A row's sums run over its inputs in their order whatever tile the row lies in and however many rows there
 * are, so all of these kernels give a row the same bits.
 *
 * <p>Each takes a pointer to an {@link AmxCall} and one to the memory that sums go to, which may be in the heap. Sums begin
 * with what lies in memory: a bias, or what earlier inputs gave. A step is 32 inputs: one tile of rows, and 1 KiB of a
 * panel.
 *
 * @param few up to 16 rows, one block, times four panels that come from memory
 * @param streamed blocks of 32 rows times two panels that come from memory
 * @param cached blocks of 32 rows times two panels that the caches hold
 */
record AmxKernels(MethodHandle few, MethodHandle streamed, MethodHandle cached) {

    private static final System.Logger LOG = System.getLogger(AmxKernels.class.getName());

    static final int TILE_ROWS = 16;
    static final int TILE_INPUTS = 32;
    static final int TILE_BYTES = 1024;
    static final short TILE_ROW_BYTES = 64;

    private static final int LINE = 64;

    /** How far ahead of its use a panel is asked for. */
    private static final int AHEAD = 4 * TILE_BYTES;

    private static final class Holder {
        static final @Nullable AmxKernels INSTANCE = open();
    }

    /** Null where the processor has no AMX, or with {@code -Dsaccade.amx=off}. */
    static @Nullable AmxKernels get() {
        return Holder.INSTANCE;
    }

    private static @Nullable AmxKernels open() {
        try {
            boolean off = System.getProperty("saccade.amx", "auto").equalsIgnoreCase("off");
            return off || !Processor.grantsTiles() ? null : assemble();
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "AMX can't be used; large products take other kernels", e);
            return null;
        }
    }

    private static AmxKernels assemble() {
        return new AmxKernels(
                MachineCode.function(fewRows()),
                MachineCode.function(blocks(true)),
                MachineCode.function(blocks(false)));
    }

    /** Tiles 0-3: sums of the four panels; 4: rows; 5-7: weights. */
    private static byte[] fewRows() {
        Assembler code = new Assembler();
        Register[] panels = {RCX, R8, R9, R10};
        code.configureTiles(RDI);
        code.load(R11, RDI, AmxCall.BEGIN).load(RAX, RDI, AmxCall.BEGIN_STRIDE);
        for (int panel = 0; panel < panels.length; panel++) {
            code.loadTile(panel, R11, RAX).add(R11, TILE_ROW_BYTES);
        }
        code.load(RCX, RDI, AmxCall.WEIGHTS).load(RAX, RDI, AmxCall.PANEL_BYTES);
        for (int panel = 1; panel < panels.length; panel++) {
            code.move(panels[panel], panels[panel - 1]).add(panels[panel], RAX);
        }
        code.load(RDX, RDI, AmxCall.ROWS).load(R11, RDI, AmxCall.STEPS).set(RAX, TILE_ROW_BYTES);
        Assembler.Label step = code.here();
        code.loadTile(4, RDX, RAX).add(RDX, TILE_BYTES);
        for (int panel = 0; panel < panels.length; panel++) {
            int weights = 5 + panel % 3;
            askFor(code, panels[panel]);
            code.loadTile(weights, panels[panel], RAX).multiplyTiles(panel, 4, weights);
            code.add(panels[panel], TILE_BYTES);
        }
        code.countDown(R11).jumpUnlessZero(step);
        code.load(R11, RDI, AmxCall.END).add(R11, RSI).load(RAX, RDI, AmxCall.END_STRIDE);
        for (int panel = 0; panel < panels.length; panel++) {
            code.storeTile(R11, RAX, panel).add(R11, TILE_ROW_BYTES);
        }
        return code.releaseTiles().returnToCaller().toBytes();
    }

    /** Tiles 0-3: sums, two by two; 4 and 5: rows; 6 and 7: weights. */
    private static byte[] blocks(boolean streamed) {
        Assembler code = new Assembler();
        code.configureTiles(RDI);
        Assembler.Label block = code.here();
        code.load(R11, RDI, AmxCall.BEGIN).load(R10, RDI, AmxCall.BEGIN_STRIDE).load(RAX, RDI, AmxCall.BEGIN_BELOW);
        sums(code, tile -> code.loadTile(tile, R11, R10));
        code.store(RDI, AmxCall.BEGIN, R11);
        code.load(RCX, RDI, AmxCall.WEIGHTS).load(R8, RDI, AmxCall.PANEL_BYTES).add(R8, RCX);
        code.load(RDX, RDI, AmxCall.ROWS).load(R9, RDI, AmxCall.ROW_TILES_BYTES).add(R9, RDX);
        code.load(R11, RDI, AmxCall.STEPS).set(RAX, TILE_ROW_BYTES);
        Assembler.Label step = code.here();
        if (streamed) {
            askFor(code, RCX);
            askFor(code, R8);
        }
        code.loadTile(4, RDX, RAX).loadTile(6, RCX, RAX).multiplyTiles(0, 4, 6);
        code.loadTile(7, R8, RAX).multiplyTiles(1, 4, 7);
        code.loadTile(5, R9, RAX).multiplyTiles(2, 5, 6).multiplyTiles(3, 5, 7);
        for (Register pointer : new Register[] {RCX, R8, RDX, R9}) {
            code.add(pointer, TILE_BYTES);
        }
        code.countDown(R11).jumpUnlessZero(step);
        code.load(R11, RDI, AmxCall.END).load(R10, RDI, AmxCall.END_STRIDE).load(RAX, RDI, AmxCall.END_BELOW);
        code.add(R11, RSI);
        sums(code, tile -> code.storeTile(R11, R10, tile));
        code.subtract(R11, RSI).store(RDI, AmxCall.END, R11);
        code.load(RDX, RDI, AmxCall.ROWS).load(R9, RDI, AmxCall.ROW_TILES_BYTES);
        code.add(RDX, R9).add(RDX, R9).store(RDI, AmxCall.ROWS, RDX);
        code.load(R11, RDI, AmxCall.BLOCKS).countDown(R11).store(RDI, AmxCall.BLOCKS, R11);
        return code.jumpUnlessZero(block).releaseTiles().returnToCaller().toBytes();
    }
    /** Does something to each tile of sums while R11 points to it; RAX leads from the upper two to the lower two. */
    private static void sums(Assembler code, IntConsumer tile) {
        for (int i = 0; i < 4; i++) {
            tile.accept(i);
            if (i % 2 == 0) {
                code.add(R11, TILE_ROW_BYTES);
            } else {
                code.add(R11, RAX);
            }
        }
    }

    private static void askFor(Assembler code, Register panel) {
        for (int line = 0; line < TILE_BYTES; line += LINE) {
            code.prefetch(panel, AHEAD + line);
        }
    }
}
