package dev.saccade.runtime.constrain;

import java.util.BitSet;

/** Bytes that no transition of an automaton tells apart share a column of its table. Classes are in the bytes' order. */
final class ByteClasses {

    private final byte[] classOf = new byte[256];
    private final BitSet writable = new BitSet();
    private int count;

    private ByteClasses(BitSet cuts, BitSet writableBytes) {
        int current = -1;
        for (int b = 0; b < 256; b++) {
            if (b == 0 || cuts.get(b) || writableBytes.get(b) != writableBytes.get(b - 1)) {
                current++;
            }
            classOf[b] = (byte) current;
            writable.set(current, writableBytes.get(b));
        }
        count = current + 1;
    }

    static ByteClasses of(Nfa nfa, BitSet writableBytes) {
        BitSet cuts = new BitSet();
        for (int state = 0; state < nfa.states(); state++) {
            for (int e = nfa.firstEdge(state); e >= 0; e = nfa.nextEdge(e)) {
                cuts.set(nfa.low(e));
                cuts.set(nfa.high(e) + 1);
            }
        }
        return new ByteClasses(cuts, writableBytes);
    }

    /** Classes that tell apart whatever either automaton tells apart. */
    static ByteClasses of(Automaton a, Automaton b) {
        BitSet cuts = new BitSet();
        for (int i = 1; i < 256; i++) {
            cuts.set(i, a.classOf()[i] != a.classOf()[i - 1] || b.classOf()[i] != b.classOf()[i - 1]);
        }
        BitSet all = new BitSet();
        all.set(0, 256);
        return new ByteClasses(cuts, all);
    }

    int of(int unsignedByte) {
        return classOf[unsignedByte] & 0xff;
    }

    int count() {
        return count;
    }

    boolean writable(int byteClass) {
        return writable.get(byteClass);
    }

    byte[] table() {
        return classOf;
    }
}
