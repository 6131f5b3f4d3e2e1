/* What a device may need of QEMU, wherever a release keeps it. */

#include "qemu/osdep.h"

#define HAVE(header) __has_include(header)

#include "qom/object.h"
#include "qom/object_interfaces.h"
#include "qapi/error.h"
#include "qapi/qapi-types-common.h"
#include "qapi/qapi-types-run-state.h"
#include "qapi/qapi-types-error.h"
#if HAVE("qapi/qapi-types-machine.h")
#include "qapi/qapi-types-machine.h"
#endif
#include "qapi/qapi-types-control.h"
#if HAVE("qapi/qapi-commands-control.h")
#include "qapi/qapi-commands-control.h"
#endif
#include "qapi/util.h"
#include "qapi/qapi-emit-events.h"
#include "qapi/qmp-event.h"
#if HAVE("qobject/qdict.h")
#include "qobject/qdict.h"
#else
#include "qapi/qmp/qdict.h"
#endif
#include "qemu/error-report.h"
#include "qemu/log.h"
#include "qemu/main-loop.h"
#include "qemu/module.h"
#include "qemu/notify.h"
#include "qemu/timer.h"
#include "qemu/qemu-plugin.h"
#if HAVE("qemu/plugin.h")
#include "qemu/plugin.h"
#endif
#include "chardev/char-fe.h"
#include "chardev/char-serial.h"
#include "hw/char/pl011.h"
#include "hw/i2c/i2c.h"
#include "hw/pci/msi.h"
#include "hw/pci/msix.h"
#include "hw/pci/pci.h"
#if HAVE("hw/pci/pci_device.h")
#include "hw/pci/pci_device.h"
#endif
#include "hw/pci/pci_bus.h"
#if HAVE("hw/core/qdev-properties.h")
#include "hw/core/clock.h"
#include "hw/core/qdev-clock.h"
#include "hw/core/boards.h"
#include "hw/core/irq.h"
#include "hw/core/qdev.h"
#include "hw/core/qdev-properties.h"
#include "hw/core/qdev-properties-system.h"
#include "hw/core/resettable.h"
#include "hw/core/sysbus.h"
#else
#include "hw/boards.h"
#include "hw/clock.h"
#include "hw/irq.h"
#include "hw/qdev-clock.h"
#include "hw/qdev-core.h"
#include "hw/qdev-properties.h"
#if HAVE("hw/qdev-properties-system.h")
#include "hw/qdev-properties-system.h"
#endif
#include "hw/resettable.h"
#include "hw/sysbus.h"
#endif
#include "hw/ssi/ssi.h"
#include "migration/register.h"
#include "migration/vmstate.h"
#include "migration/qemu-file-types.h"
#if HAVE("system/memory.h")
#include "system/address-spaces.h"
#include "system/memory.h"
#else
#include "exec/address-spaces.h"
#include "exec/memory.h"
#endif
#if HAVE("system/system.h")
#include "system/block-backend.h"
#include "system/cpus.h"
#include "system/dma.h"
#include "system/reset.h"
#include "system/runstate.h"
#include "system/system.h"
#else
#include "sysemu/block-backend.h"
#include "sysemu/cpus.h"
#include "sysemu/dma.h"
#include "sysemu/reset.h"
#include "sysemu/runstate.h"
#include "sysemu/sysemu.h"
#endif
#if HAVE("hw/vmstate-if.h")
#include "hw/vmstate-if.h"
#elif HAVE("hw/core/vmstate-if.h")
#include "hw/core/vmstate-if.h"
#endif

/* What is defined in no header. */
#if HAVE("qapi/error-internal.h")
#include "qapi/error-internal.h"
#else
#include "util/error.c"
#endif
#include "qemu/qht.h"
#include "plugins/plugin.h"
#undef HAVE
#include "qom/object.c"
#include "hw/core/irq.c"
