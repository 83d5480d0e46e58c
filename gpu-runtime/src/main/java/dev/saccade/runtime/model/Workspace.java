package dev.saccade.runtime.model;

import dev.saccade.runtime.device.DeviceBuffer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** A buffer that is kept from step to step and grows to the largest size asked for. */
final class Workspace {

    private final IntFunction<DeviceBuffer> memory;
    private @Nullable DeviceBuffer buffer;

    /** @param memory {@code device::allocate} or {@code device::operand} */
    Workspace(IntFunction<DeviceBuffer> memory) {
        this.memory = memory;
    }

    /** At least so many values, with anything in them. */
    DeviceBuffer atLeast(int floats) {
        if (buffer == null || buffer.floats() < floats) {
            buffer = memory.apply(floats);
        }
        return buffer;
    }
}
