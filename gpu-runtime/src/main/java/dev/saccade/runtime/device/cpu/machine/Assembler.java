package dev.saccade.runtime.device.cpu.machine;

import java.io.ByteArrayOutputStream;

/**
 * Writes x86-64 machine code: the tile instructions of AMX and what a loop around them needs. Encodings are those of the
 * Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2. Tiles are numbered 0 to 7.
 */
public final class Assembler {

    // what a VEX prefix says of an instruction's mandatory prefix
    private static final int NONE = 0;
    private static final int F3 = 2;
    private static final int F2 = 3;

    // forms of a ModRM byte's operand
    private static final int AT_REGISTER = 0;
    private static final int AT_BYTE = 1;
    private static final int AT_INT = 2;
    private static final int IS_REGISTER = 3;

    private static final int SIB = 4;
    private static final int NO_REGISTER = 0;

    private final ByteArrayOutputStream code = new ByteArrayOutputStream(1024);

    /** A place that a jump goes back to. */
    public record Label(int at) {}

    /** The next instruction's place. */
    public Label here() {
        return new Label(code.size());
    }

    /** {@code to = [base + offset]}, 64 bits. */
    public Assembler load(Register to, Register base, int offset) {
        return wide(to, base).put(0x8b).at(to.low(), base, offset);
    }

    /** {@code [base + offset] = from}, 64 bits. */
    public Assembler store(Register base, int offset, Register from) {
        return wide(from, base).put(0x89).at(from.low(), base, offset);
    }

    public Assembler move(Register to, Register from) {
        return wide(from, to).put(0x89).modRm(IS_REGISTER, from.low(), to.low());
    }

    public Assembler set(Register to, int value) {
        return wide(Register.RAX, to).put(0xc7).modRm(IS_REGISTER, 0, to.low()).putInt(value);
    }

    public Assembler add(Register to, Register from) {
        return wide(from, to).put(0x01).modRm(IS_REGISTER, from.low(), to.low());
    }

    public Assembler add(Register to, int value) {
        return wide(Register.RAX, to).put(0x81).modRm(IS_REGISTER, 0, to.low()).putInt(value);
    }

    public Assembler subtract(Register from, Register value) {
        return wide(value, from).put(0x29).modRm(IS_REGISTER, value.low(), from.low());
    }

    /** Takes one away, for {@link #jumpUnlessZero}. */
    public Assembler countDown(Register counter) {
        return wide(Register.RAX, counter)
                .put(0x83)
                .modRm(IS_REGISTER, 5, counter.low())
                .put(1);
    }

    public Assembler jumpUnlessZero(Label back) {
        put(0x0f).put(0x85);
        return putInt(back.at - (code.size() + 4));
    }

    /** Asks for the line at {@code base + offset} in all caches. */
    public Assembler prefetch(Register base, int offset) {
        if (base.high() != 0) {
            put(0x41);
        }
        return put(0x0f).put(0x18).modRm(AT_INT, 1, base.low()).putInt(offset);
    }

    /** Sets the sizes of all tiles from 64 bytes at {@code base}. */
    public Assembler configureTiles(Register base) {
        return vex(NONE, 0, base.high(), NO_REGISTER).put(0x49).modRm(AT_REGISTER, 0, base.low());
    }

    /** Gives the tiles back, so that the system needn't keep them for this thread. */
    public Assembler releaseTiles() {
        return vex(NONE, 0, 0, NO_REGISTER).put(0x49).put(0xc0);
    }

    public Assembler zeroTile(int tile) {
        return vex(F2, 0, 0, NO_REGISTER).put(0x49).modRm(IS_REGISTER, tile, 0);
    }

    /** Rows from {@code base} on, {@code stride} bytes apart. */
    public Assembler loadTile(int tile, Register base, Register stride) {
        return vex(F2, stride.high(), base.high(), NO_REGISTER).put(0x4b).strided(tile, base, stride);
    }

    public Assembler storeTile(Register base, Register stride, int tile) {
        return vex(F3, stride.high(), base.high(), NO_REGISTER).put(0x4b).strided(tile, base, stride);
    }

    /** {@code sums (rows, 16) += x (rows, 16 pairs) * weights (16 pairs, 16)}: bf16 products, float32 sums. */
    public Assembler multiplyTiles(int sums, int x, int weights) {
        return vex(F3, 0, 0, weights).put(0x5c).modRm(IS_REGISTER, sums, x);
    }

    public Assembler returnToCaller() {
        return put(0xc3);
    }

    /** What has been written. */
    public byte[] toBytes() {
        return code.toByteArray();
    }

    private Assembler put(int value) {
        code.write(value);
        return this;
    }

    private Assembler putInt(int value) {
        return put(value).put(value >>> 8).put(value >>> 16).put(value >>> 24);
    }

    /** The prefix of a 64-bit operation. */
    private Assembler wide(Register reg, Register rm) {
        return put(0x48 | reg.high() << 2 | rm.high());
    }

    private Assembler modRm(int form, int reg, int rm) {
        return put(form << 6 | reg << 3 | rm);
    }

    private Assembler at(int reg, Register base, int offset) {
        return offset == (byte) offset
                ? modRm(AT_BYTE, reg, base.low()).put(offset)
                : modRm(AT_INT, reg, base.low()).putInt(offset);
    }

    private Assembler strided(int tile, Register base, Register stride) {
        return modRm(AT_REGISTER, tile, SIB).put(stride.low() << 3 | base.low());
    }

    /** A VEX prefix of the map 0F38, 128 bits wide; bits of registers are inverted in it. */
    private Assembler vex(int prefix, int index, int base, int third) {
        return put(0xc4).put(0x80 | (1 - index) << 6 | (1 - base) << 5 | 2).put((~third & 15) << 3 | prefix);
    }
}
