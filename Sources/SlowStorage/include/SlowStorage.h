/* Loaded into a lab's servers by LD_PRELOAD; see SlowStorage.c. Offers nothing to link against. */
