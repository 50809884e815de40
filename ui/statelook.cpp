#include "statelook.h"
