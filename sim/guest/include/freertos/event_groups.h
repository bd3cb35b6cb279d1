// FreeRTOS's event groups: 24 bits that tasks set and wait for.
#ifndef FREERTOS_EVENT_GROUPS_H
#define FREERTOS_EVENT_GROUPS_H

#include "FreeRTOS.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct EventGroupDef_t *EventGroupHandle_t;
typedef TickType_t EventBits_t;

EventGroupHandle_t xEventGroupCreate(void); // NULL: there is no memory
EventGroupHandle_t xEventGroupCreateStatic(StaticEventGroup_t *group);
void vEventGroupDelete(EventGroupHandle_t group); // who waits for it goes on, with no bits

// The bits when the wait ended, whether they are those that were wanted or the time was over.
EventBits_t xEventGroupWaitBits(EventGroupHandle_t group, EventBits_t bits, BaseType_t clear, BaseType_t all,
                                TickType_t ticks);
EventBits_t xEventGroupSetBits(EventGroupHandle_t group, EventBits_t bits);   // the bits afterwards
EventBits_t xEventGroupClearBits(EventGroupHandle_t group, EventBits_t bits); // the bits before
EventBits_t xEventGroupGetBits(EventGroupHandle_t group);
EventBits_t xEventGroupGetBitsFromISR(EventGroupHandle_t group);
EventBits_t xEventGroupSync(EventGroupHandle_t group, EventBits_t set, EventBits_t wait, TickType_t ticks);
BaseType_t xEventGroupSetBitsFromISR(EventGroupHandle_t group, EventBits_t bits, BaseType_t *woken);

#ifdef __cplusplus
}
#endif

#endif
