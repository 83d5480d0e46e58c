// All kernels, one translation unit: nvcc makes the fatbin of it that ships, g++ the library that the emulator runs.
#include "primitives.cuh"

#include "cache.cuh"
#include "warpgroup.cuh"

#include "rows.cu"
#include "rotary.cu"
#include "product.cu"
#include "wide_product.cu"
#include "decode_attention.cu"
#include "attention.cu"
#include "hopper_attention.cu"
#include "sampling.cu"
#include "measure.cu"
