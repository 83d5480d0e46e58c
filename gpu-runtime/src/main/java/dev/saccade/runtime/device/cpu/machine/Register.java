package dev.saccade.runtime.device.cpu.machine;

/** General registers that a leaf function may overwrite, as the System V calling convention for x86-64 has it. */
public enum Register {
    RAX(0),
    RCX(1),
    RDX(2),
    RSI(6),
    /** The first argument. */
    RDI(7),
    R8(8),
    R9(9),
    R10(10),
    R11(11);

    private final int number;

    Register(int number) {
        this.number = number;
    }

    /** The three bits that go into a ModRM or SIB byte. */
    int low() {
        return number & 7;
    }

    /** The fourth bit, which goes into a prefix. */
    int high() {
        return number >>> 3;
    }
}
