#ifndef OPENHIVE_CZLIB_SHIM_H
#define OPENHIVE_CZLIB_SHIM_H

#include <zlib.h>

#endif
