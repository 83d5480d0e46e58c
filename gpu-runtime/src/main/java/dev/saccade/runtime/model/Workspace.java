package dev.saccade.runtime.model;

import dev.saccade.runtime.device.Device;
import dev.saccade.runtime.device.DeviceBuffer;
import org.jspecify.annotations.Nullable;

/** A buffer that is kept from step to step and grows to the largest size asked for. */
final class Workspace {

    private final Device device;
    private @Nullable DeviceBuffer buffer;

    Workspace(Device device) {
        this.device = device;
    }

    /** At least so many values, with anything in them. */
    DeviceBuffer atLeast(int floats) {
        if (buffer == null || buffer.floats() < floats) {
            buffer = device.allocate(floats);
        }
        return buffer;
    }
}
