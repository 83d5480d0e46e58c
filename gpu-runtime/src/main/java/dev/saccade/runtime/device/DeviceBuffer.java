package dev.saccade.runtime.device;

/** Float32 values in a device's memory. Only the device that allocated it can read what is inside. */
public interface DeviceBuffer {

    /** Number of values. */
    int floats();

    /** A window onto the same memory, e.g. some of a matrix's rows. */
    DeviceBuffer view(int from, int floats);
}
