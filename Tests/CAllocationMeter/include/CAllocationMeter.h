#ifndef CALLOCATIONMETER_H
#define CALLOCATIONMETER_H

// Counts what a program takes from the heap. With glibc, linking this target replaces malloc and its relatives for
// the whole program by ones that count; elsewhere, and under the address sanitizer, nothing is counted.

#include <stdbool.h>
#include <stddef.h>

/// Whether anything is counted.
bool allocation_meter_works(void);

/// Begins to count the calling thread's heap at 0.
void allocation_meter_start(void);

/// The most bytes that the calling thread has held at once since `allocation_meter_start`, beyond what it held then.
size_t allocation_meter_peak(void);

#endif
