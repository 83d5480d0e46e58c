// What a card does at best, for `saccade gpu check`.

// Reads everything once; `out` is written only if the words' exclusive or is 1, so that no read can be left out.
//   words: 16-byte words. Grid: any.
extern "C" __global__ void __launch_bounds__(256) read_once(const Bytes16 *from, long words, u32 *out) {
    u32 all = 0;
#pragma unroll 8
    for (long i = blockIdx.x * 256L + threadIdx.x; i < words; i += gridDim.x * 256L) {
        const Bytes16 word = load_once16(from + i);
        all ^= word.word[0] ^ word.word[1] ^ word.word[2] ^ word.word[3];
    }
    if (all == 1) {
        store(out, all);
    }
}
KERNEL(read_once)
