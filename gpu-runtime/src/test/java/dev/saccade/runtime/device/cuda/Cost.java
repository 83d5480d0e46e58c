package dev.saccade.runtime.device.cuda;

/**
 * What a kernel moves and computes.
 *
 * @param read bytes that memory must give: each sector of 32 bytes once a kernel, however often it is asked for
 * @param written bytes
 * @param flops issued, those that come to nothing included
 * @param useful of these
 */
record Cost(double read, double written, double flops, double useful) {

    static final Cost NONE = new Cost(0, 0, 0, 0);

    Cost plus(Cost other) {
        return new Cost(read + other.read, written + other.written, flops + other.flops, useful + other.useful);
    }

    Cost times(int count) {
        return new Cost(read * count, written * count, flops * count, useful * count);
    }

    double bytes() {
        return read + written;
    }
}
