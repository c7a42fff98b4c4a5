"""PHOLD on the Cimba engine inside the PyPI wheel `cimba`, driven from C through ctypes.

Usage: phold_cimba.py DRIVER TABLE SEED PENDING EVENTS; prints the checksum and the CPU seconds of the loop.
The C driver calls the engine's own functions, so no Python runs while it is timed.
"""

import ctypes
import importlib.util
import pathlib
import sys

driver, table_file, seed, pending, events = sys.argv[1:]
package = pathlib.Path(next(iter(importlib.util.find_spec("cimba").submodule_search_locations)))
ctypes.CDLL(str(package / "libcimba_py.so"), mode=ctypes.RTLD_GLOBAL)

table = pathlib.Path(table_file).read_bytes()
phold = ctypes.CDLL(driver).phold
phold.restype = ctypes.c_double
phold.argtypes = [ctypes.c_char_p, ctypes.c_uint64, ctypes.c_int64, ctypes.c_int64, ctypes.POINTER(ctypes.c_uint64)]
checksum = ctypes.c_uint64()
seconds = phold(table, int(seed), int(pending), int(events), ctypes.byref(checksum))
print(checksum.value, seconds)
