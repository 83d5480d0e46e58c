// The arithmetic of a warp's matrix instruction.
#include "machine.h"

// The fragments' places are those of the PTX manual, "Matrix Fragments for mma.m16n8k16 with floating point type".
void emulator::multiply_fragments(Warp::Exchange &exchange) {
    float left[16][16], right[16][8];
    for (int lane = 0; lane < 32; lane++) {
        u32 a[4], b[2];
        memcpy(a, exchange.given[lane], sizeof a);
        memcpy(b, exchange.given[lane] + sizeof a, sizeof b);
        for (int i = 0; i < 8; i++) {
            left[lane / 4 + i / 2 % 2 * 8][lane % 4 * 2 + i % 2 + i / 4 * 8] = bf16_value(a[i / 2], i % 2);
        }
        for (int i = 0; i < 4; i++) {
            right[lane % 4 * 2 + i % 2 + i / 2 * 8][lane / 4] = bf16_value(b[i / 2], i % 2);
        }
    }
    for (int row = 0; row < 16; row++) {
        float sums[8] = {};
        for (int k = 0; k < 16; k++) {
            for (int column = 0; column < 8; column++) {
                sums[column] += left[row][k] * right[k][column];
            }
        }
        memcpy(exchange.product[row], sums, sizeof sums);
    }
    count_flops(2 * 16 * 8 * 16);
}
