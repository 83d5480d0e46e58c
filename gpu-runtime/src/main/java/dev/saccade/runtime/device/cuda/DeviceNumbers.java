package dev.saccade.runtime.device.cuda;

import java.util.Arrays;

/** Integers that kernels read: laid side by side, uploaded at once, always to the same place as long as they fit. */
final class DeviceNumbers {

    private static final int LEAST_CAPACITY = 1 << 16;

    private final CudaMemory memory;
    private final Staging staging;
    private final String purpose;
    private int[] numbers = new int[LEAST_CAPACITY];
    private int count;
    private long address;
    private int capacity; // of the device's memory

    /** @param purpose for the message where there is too little memory */
    DeviceNumbers(CudaMemory memory, Staging staging, String purpose) {
        this.memory = memory;
        this.staging = staging;
        this.purpose = purpose;
    }

    void clear() {
        count = 0;
    }

    int count() {
        return count;
    }

    int add(int number) {
        int place = reserve(1);
        numbers[place] = number;
        return place;
    }

    /** Returns where the first of them lies. */
    int add(int[] values, int length) {
        int place = reserve(length);
        System.arraycopy(values, 0, numbers, place, length);
        return place;
    }

    /** For what is known later; returns where the first lies. */
    int reserve(int length) {
        if (count + length > numbers.length) {
            numbers = Arrays.copyOf(numbers, Math.max(count + length, 2 * numbers.length));
        }
        int place = count;
        count += length;
        return place;
    }

    void set(int place, int number) {
        numbers[place] = number;
    }

    /** So that what comes next begins at a multiple: some is read 16 bytes at once. */
    void pad(int multiple) {
        while (count % multiple != 0) {
            add(0);
        }
    }

    void upload() {
        if (capacity < numbers.length) {
            address = memory.grow(address, (long) numbers.length * Integer.BYTES, purpose);
            capacity = numbers.length;
        }
        staging.upload(numbers, count, address);
    }

    /** Of the first; known from {@link #upload} on. */
    long address() {
        return address;
    }

    long address(int place) {
        return address + (long) place * Integer.BYTES;
    }
}
