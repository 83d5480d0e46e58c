package dev.saccade.runtime.device.cuda;

import dev.saccade.runtime.device.Device;
import java.util.function.Supplier;

/**
 * Something both devices compute, to be compared and timed.
 *
 * @param kernel what computes it
 * @param shape for the table
 * @param bytes least bytes that it must move
 * @param flops that it must do; what bounds it is told by the card's rates
 */
record KernelCase(String kernel, String shape, double bytes, double flops, Preparation preparation) {

    /** Puts the inputs, the same ones each time, on a device. */
    interface Preparation {
        Run on(Device device);
    }

    /**
     * Ready to be run again and again; each time on other memory where it has copies of it.
     *
     * @param waits whether the operation waits for the device, so that it can't be recorded
     */
    record Run(Runnable operation, Supplier<float[]> result, boolean waits) {

        Run(Runnable operation, Supplier<float[]> result) {
            this(operation, result, false);
        }

        static Run thatWaits(Runnable operation, Supplier<float[]> result) {
            return new Run(operation, result, true);
        }
    }
}
