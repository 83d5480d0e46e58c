package dev.saccade.runtime.device.cpu;

import dev.saccade.runtime.device.DeviceBuffer;
import java.util.Objects;

/** A stretch of a Java array. */
@SuppressWarnings("ArrayRecordComponent") // memory, not a value
record CpuBuffer(float[] values, int offset, int floats) implements DeviceBuffer {

    CpuBuffer(float[] values) {
        this(values, 0, values.length);
    }

    @Override
    public DeviceBuffer view(int from, int floats) {
        Objects.checkFromIndexSize(from, floats, this.floats);
        return new CpuBuffer(values, offset + from, floats);
    }

    static CpuBuffer of(DeviceBuffer buffer) {
        return (CpuBuffer) buffer;
    }
}
