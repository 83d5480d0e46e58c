package dev.saccade.runtime.device.cuda;

import dev.saccade.runtime.device.DeviceBuffer;
import java.util.Objects;

/**
 * A stretch of device memory.
 *
 * @param owner keeps the memory from being freed as long as a view of it is reachable
 * @param operand whether the values are bf16; float32 otherwise
 */
record CudaBuffer(Object owner, long address, int floats, boolean operand) implements DeviceBuffer {

    @Override
    public DeviceBuffer view(int from, int floats) {
        Objects.checkFromIndexSize(from, floats, this.floats);
        return new CudaBuffer(owner, address + (long) from * valueBytes(), floats, operand);
    }

    int valueBytes() {
        return operand ? Short.BYTES : Float.BYTES;
    }

    /** How a kernel is named that takes such values. */
    String type() {
        return operand ? "bf16" : "float";
    }

    static CudaBuffer of(DeviceBuffer buffer) {
        return (CudaBuffer) buffer;
    }

    /** One that kernels read as bf16. */
    static CudaBuffer operand(DeviceBuffer buffer) {
        CudaBuffer operand = (CudaBuffer) buffer;
        if (!operand.operand) {
            throw new IllegalArgumentException("this operation takes an operand, not a plain buffer");
        }
        return operand;
    }

    /** One that kernels read as float32. */
    static CudaBuffer plain(DeviceBuffer buffer) {
        CudaBuffer plain = (CudaBuffer) buffer;
        if (plain.operand) {
            throw new IllegalArgumentException("this operation takes a plain buffer, not an operand");
        }
        return plain;
    }
}
