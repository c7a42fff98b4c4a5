#ifndef ALLOCATION_COUNTER_H
#define ALLOCATION_COUNTER_H

/// Allocations that the calling thread has asked for since it began: malloc and its kin, realloc among them.
/// A program that links this counts all of its libraries' too.
unsigned long allocations_of_this_thread(void);

#endif
