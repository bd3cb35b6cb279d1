// Tasks on the simulated clock: whose turn it is, waits that end in time and late, what is lent and taken back, rest.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ota/include/esp_log.h"
#include "ota/include/esp_system.h"
#include "sim/guest/include/esp_mac.h"
#include "sim/guest/include/esp_random.h"
#include "sim/guest/include/esp_rom_crc.h"
#include "sim/guest/include/esp_task_wdt.h"
#include "sim/guest/include/esp_timer.h"
#include "sim/guest/include/freertos/FreeRTOS.h"
#include "sim/guest/include/freertos/event_groups.h"
#include "sim/guest/include/freertos/queue.h"
#include "sim/guest/include/freertos/semphr.h"
#include "sim/guest/include/freertos/task.h"
#include "sim/guest/include/freertos/timers.h"
#include "sim/guest/rtos.h"
#include "sim/guest/system_services.h"
#include "tests/unit/board_example.h"

// ---- an app on a board, with the host's memory --------------------------------------------------

#define BLOCKS_MAX 64u

static struct app {
    struct rtos rtos;
    struct board *board;
    void *blocks[BLOCKS_MAX]; // of the heap, which a reset frees as a whole
    uint32_t block_count, blocks_left;
    char story[512];
    void (*main)(void *argument);
    bool returned;
} app;

static void *take(void *context, size_t size) {
    (void)context;
    if (app.block_count == app.blocks_left)
        return NULL;
    return app.blocks[app.block_count++] = malloc(size);
}

static void give_back(void *context, void *block) {
    (void)context;
    for (uint32_t i = 0; i < app.block_count; i++)
        if (app.blocks[i] == block)
            app.blocks[i] = NULL;
    free(block);
}

static void *stack_take(void *context, size_t *size) {
    (void)context;
    *size = 128u << 10;
    return aligned_alloc(4096, *size);
}

static void stack_give_back(void *context, void *stack) {
    (void)context;
    free(stack);
}

static const struct rtos_services services = {.memory_take = take,
                                              .memory_give_back = give_back,
                                              .stack_take = stack_take,
                                              .stack_give_back = stack_give_back};

static void tell(const char *text) {
    size_t length = strlen(app.story);
    (void)snprintf(app.story + length, sizeof app.story - length, "%s%s", length == 0 ? "" : " ", text);
}

static void tell_time(const char *text) {
    char line[64];
    (void)snprintf(line, sizeof line, "%s@%u", text, xTaskGetTickCount() * portTICK_PERIOD_MS);
    tell(line);
}

static void program(void *context) {
    (void)context;
    app.returned = rtos_run(&app.rtos, "main", app.main, NULL);
}

static void app_begins(uint32_t schedule) {
    struct board_config config = example_config("v6.0");
    memset(&app, 0, sizeof app);
    app.blocks_left = BLOCKS_MAX;
    app.board = board_new(&config);
    rtos_start(&app.rtos, &services, schedule);
}

static enum board_end app_goes_on(void (*function)(void *argument)) {
    app.main = function;
    return board_run(app.board, program, NULL, NULL);
}

static void app_ends(void) {
    rtos_end(&app.rtos);
    for (uint32_t i = 0; i < app.block_count; i++)
        free(app.blocks[i]);
    board_free(app.board);
}

// Runs `function` as app_main until the app is at rest; what was told must be `story`.
static void expect_story(void (*function)(void *argument), uint32_t schedule, const char *story) {
    app_begins(schedule);
    assert_int_equal(app_goes_on(function), BOARD_RETURNED);
    assert_string_equal(app.story, story);
    app_ends();
}

static void expect_panic(void (*function)(void *argument), const char *why) {
    const char *said = NULL;
    app_begins(0);
    app.main = function;
    assert_int_equal(board_run(app.board, program, NULL, &said), BOARD_PANICKED);
    assert_non_null(strstr(said, why));
    app_ends();
}

// ---- whose turn it is ---------------------------------------------------------------------------

static void says_its_name(void *argument) {
    tell(argument);
    vTaskDelete(NULL);
}

static void makes_three(void *argument) {
    (void)argument;
    tell("main");
    assert_int_equal(xTaskCreate(says_its_name, "low", 4096, "low", 0, NULL), pdPASS);
    assert_int_equal(xTaskCreate(says_its_name, "same", 4096, "same", 1, NULL), pdPASS);
    assert_int_equal(xTaskCreate(says_its_name, "high", 4096, "high", 5, NULL), pdPASS);
    tell("end");
}

static void test_priorities(void **state) {
    (void)state;
    expect_story(makes_three, 0, "main high end same low");
    assert_true(app.returned);
}

static void yields(void *argument) {
    for (unsigned i = 0; i < 3; i++) {
        tell(argument);
        taskYIELD();
    }
    vTaskDelete(NULL);
}

static void three_yield(void *argument) {
    (void)argument;
    static const char *const names[] = {"a", "b", "c"};
    for (unsigned i = 0; i < 3; i++)
        (void)xTaskCreate(yields, names[i], 4096, (void *)names[i], 3, NULL);
}

// Each of higher priority than main runs as soon as it is made, and yields to equals only.
static void test_equals_in_turn(void **state) {
    (void)state;
    expect_story(three_yield, 0, "a a a b b b c c c");
}

static void three_yield_at_once(void *argument) {
    vTaskPrioritySet(NULL, 4);
    three_yield(argument);
}

static void test_first_in_first_out(void **state) {
    (void)state;
    expect_story(three_yield_at_once, 0, "a b c a b c a b c");
}

// ---- time ---------------------------------------------------------------------------------------

static void delays(void *argument) {
    const char *name = argument;
    for (unsigned i = 0; i < 3; i++) {
        vTaskDelay(pdMS_TO_TICKS(name[0] == 'a' ? 20 : 30));
        tell_time(name);
    }
    vTaskDelete(NULL);
}

static void two_delay(void *argument) {
    (void)argument;
    (void)xTaskCreate(delays, "a", 4096, "a", 2, NULL);
    (void)xTaskCreate(delays, "b", 4096, "b", 3, NULL);
    vTaskDelay(pdMS_TO_TICKS(45));
    tell_time("main");
}

static void test_delays(void **state) {
    (void)state;
    expect_story(two_delay, 0, "a@20 b@30 a@40 main@40 b@60 a@60 b@90");
}

static void beats(void *argument) {
    TickType_t wake = xTaskGetTickCount();
    (void)argument;
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(xTaskDelayUntil(&wake, 5), pdTRUE);
        vTaskDelay(2);
        tell_time("beat");
    }
    wake -= 100;
    assert_int_equal(xTaskDelayUntil(&wake, 5), pdFALSE);
}

static void test_delay_until(void **state) {
    (void)state;
    expect_story(beats, 0, "beat@70 beat@120 beat@170");
}

static void waits_for_ever(void *argument) {
    (void)argument;
    for (;;)
        vTaskDelay(pdMS_TO_TICKS(1000));
}

static void makes_a_heartbeat(void *argument) {
    (void)argument;
    (void)xTaskCreate(waits_for_ever, "heart", 4096, NULL, 2, NULL);
}

static void test_a_heartbeat_is_rest(void **state) {
    (void)state;
    app_begins(0);
    assert_int_equal(app_goes_on(makes_a_heartbeat), BOARD_RETURNED);
    assert_true(app.returned && app.rtos.at_rest && app.rtos.waits_for_time);
    assert_true(board_time_ns(app.board) / 1000 <= RTOS_REST_AFTER_US);
    assert_int_equal(app_goes_on(waits_for_ever), BOARD_RETURNED); // a step that does not come back
    assert_false(app.returned);
    app_ends();
}

// ---- time passes while flash is busy ------------------------------------------------------------

static void erases(void *argument) {
    (void)argument;
    tell_time("erase");
    assert_true(port_flash_erase(0x100000, 2 * 4096)); // 100 ms each
    tell_time("erased");
    vTaskDelete(NULL);
}

static void waits_for_notification(void *argument) {
    uint32_t got = ulTaskNotifyTake(pdTRUE, pdMS_TO_TICKS(20));
    tell_time(got == 0 ? "timeout" : "notified");
    (void)argument;
}

static void low_erases_high_waits(void *argument) {
    (void)xTaskCreate(erases, "eraser", 4096, NULL, 0, NULL);
    waits_for_notification(argument);
}

// The processor is not to be had while the chip erases: the time-out of 20 ms is seen when the first erase ends.
static void test_timeout_while_flash_is_busy(void **state) {
    (void)state;
    expect_story(low_erases_high_waits, 0, "erase@0 timeout@100 erased@200");
}

static void high_erases_low_waits(void *argument) {
    (void)xTaskCreate(erases, "eraser", 4096, NULL, 5, NULL);
    waits_for_notification(argument);
}

static void swapped(void *argument) {
    (void)argument;
    vTaskPrioritySet(
        NULL, 6); // it waits first, then the eraser, which is of lower priority than it, but above others
    (void)xTaskCreate(erases, "eraser", 4096, NULL, 5, NULL);
    vTaskDelay(1); // the eraser runs from 0 to 200 ms; at 10 this is due
    tell_time("due");
    vTaskPrioritySet(NULL, 1);
    tell_time("lower");
}

static void test_timeout_with_priorities_swapped(void **state) {
    (void)state;
    expect_story(high_erases_low_waits, 0, "erase@0 erased@200 timeout@220");
    expect_story(swapped, 0, "erase@0 due@100 erased@200 lower@200");
}

static void writes_slowly(void *argument) {
    const uint8_t byte = 0;
    for (uint32_t i = 0; i < 3; i++) {
        assert_true(port_flash_erase(0x200000 + i * 4096, 4096));
        assert_true(port_flash_write(0x200000 + i * 4096, &byte, 1));
        tell(argument);
    }
    vTaskDelete(NULL);
}

static void two_write(void *argument) {
    (void)argument;
    vTaskPrioritySet(NULL, 3);
    (void)xTaskCreate(writes_slowly, "a", 4096, "a", 2, NULL);
    (void)xTaskCreate(writes_slowly, "b", 4096, "b", 2, NULL);
}

// Equals share the processor by ticks.
static void test_time_slices(void **state) {
    (void)state;
    expect_story(two_write, 0, "a b a b a b");
}

// A call of NVS has a lock of its own on the chip: nobody gets in between.
static void erases_in_nvs(void *argument) {
    (void)argument;
    const char *outer = port_call_begin("nvs_commit");
    assert_true(port_flash_erase(0x100000, 2 * 4096));
    port_call_end(outer);
    tell_time("committed");
    vTaskDelete(NULL);
}

static void high_waits_nvs_works(void *argument) {
    (void)xTaskCreate(erases_in_nvs, "nvs", 4096, NULL, 0, NULL);
    waits_for_notification(argument);
}

static void test_a_call_of_nvs_is_whole(void **state) {
    (void)state;
    expect_story(high_waits_nvs_works, 0, "committed@200 timeout@200");
}

// What the journal says of who is at work follows the tasks.
static void in_a_call(void *argument) {
    const char *outer = port_call_begin(argument);
    assert_true(port_flash_erase(0x100000, 4 * 4096));
    port_call_end(outer);
    vTaskDelete(NULL);
}

static void two_calls(void *argument) {
    (void)argument;
    vTaskPrioritySet(NULL, 3);
    (void)xTaskCreate(in_a_call, "a", 4096, "esp_ota_begin", 2, NULL);
    (void)xTaskCreate(in_a_call, "b", 4096, "esp_partition_erase_range", 2, NULL);
}

static void test_calls_belong_to_tasks(void **state) {
    (void)state;
    app_begins(0);
    assert_int_equal(app_goes_on(two_calls), BOARD_RETURNED);
    const struct journal *journal = board_journal(app.board);
    assert_int_equal(journal->count, 8);
    for (size_t i = 0; i < journal->count; i++)
        assert_string_equal(journal->entries[i].call,
                            i % 2 == 0 ? "esp_ota_begin" : "esp_partition_erase_range");
    app_ends();
}

// ---- queues -------------------------------------------------------------------------------------

static QueueHandle_t queue;

static void produces(void *argument) {
    for (int i = 1; i <= 4; i++) {
        char line[8];
        assert_int_equal(xQueueSend(queue, &i, portMAX_DELAY), pdTRUE);
        (void)snprintf(line, sizeof line, "p%d", i);
        tell(line);
    }
    (void)argument;
    vTaskDelete(NULL);
}

static void consumes(void *argument) {
    for (int i = 1, got = 0; i <= 4; i++) {
        char line[8];
        assert_int_equal(xQueueReceive(queue, &got, portMAX_DELAY), pdTRUE);
        assert_int_equal(got, i);
        (void)snprintf(line, sizeof line, "c%d", got);
        tell(line);
    }
    (void)argument;
    vTaskDelete(NULL);
}

static void produce_and_consume(UBaseType_t producer, UBaseType_t consumer) {
    queue = xQueueCreate(1, sizeof(int));
    assert_non_null(queue);
    vTaskPrioritySet(NULL, 6);
    (void)xTaskCreate(produces, "producer", 4096, NULL, producer, NULL);
    (void)xTaskCreate(consumes, "consumer", 4096, NULL, consumer, NULL);
}

static void eager_consumer(void *argument) {
    (void)argument;
    produce_and_consume(2, 3);
}

static void eager_producer(void *argument) {
    (void)argument;
    produce_and_consume(3, 2);
}

static void test_queue_of_one(void **state) {
    (void)state;
    expect_story(eager_consumer, 0, "c1 p1 c2 p2 c3 p3 c4 p4");
    expect_story(eager_producer, 0, "p1 p2 c1 p3 c2 p4 c3 c4");
}

static void queue_questions(void *argument) {
    int value = 7, out = 0;
    StaticQueue_t room;
    uint8_t storage[2 * sizeof value];
    (void)argument;
    queue = xQueueCreateStatic(2, sizeof value, storage, &room);
    assert_int_equal(xQueueReceive(queue, &out, 3), errQUEUE_EMPTY);
    tell_time("empty");
    assert_int_equal(xQueueSend(queue, &value, 0), pdTRUE);
    value = 8;
    assert_int_equal(xQueueSendToFront(queue, &value, 0), pdTRUE);
    assert_int_equal(xQueueSendToBack(queue, &value, 2), errQUEUE_FULL);
    tell_time("full");
    assert_int_equal(uxQueueMessagesWaiting(queue), 2);
    assert_int_equal(uxQueueSpacesAvailable(queue), 0);
    assert_true(xQueuePeek(queue, &out, 0) && out == 8 && uxQueueMessagesWaiting(queue) == 2);
    assert_true(xQueueReceiveFromISR(queue, &out, NULL) && out == 8);
    assert_true(xQueueReceive(queue, &out, 0) && out == 7);
    assert_int_equal(xQueueSendFromISR(queue, &value, NULL), pdTRUE);
    assert_int_equal(xQueueReset(queue), pdPASS);
    assert_int_equal(uxQueueMessagesWaitingFromISR(queue), 0);
    vQueueDelete(queue);
    queue = xQueueCreate(1, sizeof value);
    assert_int_equal(xQueueOverwrite(queue, &value), pdTRUE);
    value = 9;
    assert_int_equal(xQueueOverwriteFromISR(queue, &value, NULL), pdTRUE);
    assert_true(xQueueReceive(queue, &out, 0) && out == 9);
    vQueueDelete(queue);
    app.blocks_left = app.block_count;
    assert_null(xQueueCreate(1, sizeof value));
    assert_null(xSemaphoreCreateMutex());
    assert_null(xEventGroupCreate());
    app.blocks_left = BLOCKS_MAX;
}

static void test_queue_answers(void **state) {
    (void)state;
    expect_story(queue_questions, 0, "empty@30 full@50");
}

// ---- semaphores and mutexes ---------------------------------------------------------------------

static SemaphoreHandle_t mutex;

static void low_holds(void *argument) {
    (void)argument;
    (void)xSemaphoreTake(mutex, portMAX_DELAY);
    tell("low-takes");
    (void)port_flash_erase(0x100000, 4096);
    (void)port_flash_erase(0x100000, 4096);
    tell(uxTaskPriorityGet(NULL) == 5 ? "low-lent" : "low-own");
    (void)xSemaphoreGive(mutex);
    tell(uxTaskPriorityGet(NULL) == 1 ? "low-again" : "low-still-lent");
    vTaskDelete(NULL);
}

static void middle_works(void *argument) {
    (void)argument;
    vTaskDelay(1);
    tell("middle");
    vTaskDelete(NULL);
}

static void high_wants(void *argument) {
    (void)argument;
    vTaskDelay(1);
    tell("high-wants");
    (void)xSemaphoreTake(mutex, portMAX_DELAY);
    tell("high-takes");
    (void)xSemaphoreGive(mutex);
    vTaskDelete(NULL);
}

static void inversion(SemaphoreHandle_t which, void (*low)(void *)) {
    mutex = which;
    vTaskPrioritySet(NULL, 6);
    (void)xTaskCreate(middle_works, "middle", 4096, NULL, 3, NULL);
    (void)xTaskCreate(high_wants, "high", 4096, NULL, 5, NULL);
    (void)xTaskCreate(low, "low", 4096, NULL, 1, NULL);
}

static void with_mutex(void *argument) {
    (void)argument;
    inversion(xSemaphoreCreateMutex(), low_holds);
}

static void with_semaphore(void *argument) { // which lends nothing: the one in the middle comes first
    (void)argument;
    inversion(xSemaphoreCreateCounting(1, 1), low_holds);
}

static void test_priority_inheritance(void **state) {
    (void)state;
    expect_story(with_mutex, 0, "low-takes high-wants low-lent high-takes middle low-again");
    expect_story(with_semaphore, 0, "low-takes high-wants middle low-own high-takes low-again");
}

static void low_holds_long(void *argument) {
    (void)argument;
    (void)xSemaphoreTake(mutex, portMAX_DELAY);
    for (unsigned i = 0; i < 4; i++)
        (void)port_flash_erase(0x100000, 4096);
    tell(uxTaskPriorityGet(NULL) == 1 ? "own" : "lent");
    vTaskDelete(NULL);
}

static void high_gives_up(void *argument) {
    (void)argument;
    vTaskDelay(1);
    tell_time(xSemaphoreTake(mutex, 5) ? "got" : "gave-up");
    vTaskDelete(NULL);
}

static void lent_in_vain(void *argument) {
    (void)argument;
    mutex = xSemaphoreCreateMutex();
    vTaskPrioritySet(NULL, 6);
    (void)xTaskCreate(high_gives_up, "high", 4096, NULL, 5, NULL);
    (void)xTaskCreate(low_holds_long, "low", 4096, NULL, 1, NULL);
}

static void test_what_was_lent_is_taken_back(void **state) {
    (void)state;
    expect_story(lent_in_vain, 0, "gave-up@200 own");
}

static void semaphore_questions(void *argument) {
    StaticSemaphore_t rooms[4];
    (void)argument;
    SemaphoreHandle_t semaphore = xSemaphoreCreateBinary();
    assert_int_equal(xSemaphoreTake(semaphore, 0), pdFALSE);
    assert_int_equal(xSemaphoreGive(semaphore), pdTRUE);
    assert_int_equal(xSemaphoreGive(semaphore), pdFALSE);
    assert_int_equal(xSemaphoreTakeFromISR(semaphore, NULL), pdTRUE);
    assert_int_equal(xSemaphoreGiveFromISR(semaphore, NULL), pdTRUE);
    vSemaphoreDelete(semaphore);
    semaphore = xSemaphoreCreateCountingStatic(3, 2, &rooms[0]);
    assert_int_equal(xSemaphoreGive(semaphore), pdTRUE);
    assert_int_equal(xSemaphoreGive(semaphore), pdFALSE);
    assert_int_equal(uxSemaphoreGetCount(semaphore), 3);
    assert_null(xSemaphoreCreateCounting(1, 2));
    assert_int_equal(uxSemaphoreGetCount(xSemaphoreCreateBinaryStatic(&rooms[1])), 0);
    semaphore = xSemaphoreCreateMutexStatic(&rooms[2]);
    assert_int_equal(xSemaphoreGive(semaphore), pdFALSE);
    assert_int_equal(xSemaphoreTake(semaphore, 0), pdTRUE);
    assert_ptr_equal(xSemaphoreGetMutexHolder(semaphore), xTaskGetCurrentTaskHandle());
    assert_int_equal(xSemaphoreTake(semaphore, 2), pdFALSE); // its own holder waits, too
    assert_int_equal(xSemaphoreGive(semaphore), pdTRUE);
    semaphore = xSemaphoreCreateRecursiveMutex();
    assert_int_equal(xSemaphoreTakeRecursive(semaphore, 0), pdTRUE);
    assert_int_equal(xSemaphoreTakeRecursive(semaphore, 0), pdTRUE);
    assert_int_equal(xSemaphoreGiveRecursive(semaphore), pdTRUE);
    assert_int_equal(uxSemaphoreGetCount(semaphore), 0);
    assert_int_equal(xSemaphoreGiveRecursive(semaphore), pdTRUE);
    assert_int_equal(xSemaphoreGiveRecursive(semaphore), pdFALSE);
    assert_int_equal(uxSemaphoreGetCount(semaphore), 1);
    tell_time("done");
}

static void test_semaphore_answers(void **state) {
    (void)state;
    expect_story(semaphore_questions, 0, "done@20");
}

static void gives_mutex(void *argument) {
    (void)argument;
    (void)xSemaphoreGive(mutex);
}

static void another_gives(void *argument) {
    (void)argument;
    mutex = xSemaphoreCreateMutex();
    (void)xSemaphoreTake(mutex, 0);
    (void)xTaskCreate(gives_mutex, "thief", 4096, NULL, 5, NULL);
}

static void just_returns(void *argument) {
    (void)argument;
}

static void returns(void *argument) {
    (void)argument;
    (void)xTaskCreate(just_returns, "returns", 4096, "x", 5, NULL);
}

static void waits_in_critical_section(void *argument) {
    (void)argument;
    vTaskSuspendAll();
    vTaskDelay(1);
}

static void leaves_too_often(void *argument) {
    (void)argument;
    taskENTER_CRITICAL(NULL);
    taskEXIT_CRITICAL(NULL);
    taskEXIT_CRITICAL(NULL);
}

static void takes_nothing(void *argument) {
    (void)argument;
    (void)xSemaphoreTake(NULL, 0);
}

static void test_misuse_is_a_panic(void **state) {
    (void)state;
    expect_panic(another_gives, "does not hold it");
    expect_panic(returns, "a task returned");
    expect_panic(waits_in_critical_section, "critical section");
    expect_panic(leaves_too_often, "critical section");
    expect_panic(takes_nothing, "NULL");
}

// ---- critical sections, suspension, notifications -----------------------------------------------

static void in_peace(void *argument) {
    TaskHandle_t task = NULL;
    (void)argument;
    vTaskSuspendAll();
    assert_int_equal(xTaskGetSchedulerState(), taskSCHEDULER_SUSPENDED);
    (void)xTaskCreate(says_its_name, "high", 4096, "high", 5, &task);
    assert_int_equal(eTaskGetState(task), eReady);
    (void)port_flash_erase(0x100000, 4096);
    tell("alone");
    (void)xTaskResumeAll();
    tell("after");
    assert_int_equal(xTaskGetSchedulerState(), taskSCHEDULER_RUNNING);
    assert_int_equal(eTaskGetState(NULL), eInvalid);
    assert_int_equal(eTaskGetState(xTaskGetCurrentTaskHandle()), eRunning);
}

static void test_critical_sections(void **state) {
    (void)state;
    expect_story(in_peace, 0, "alone high after");
}

static void sleeps(void *argument) {
    vTaskSuspend(NULL);
    tell(argument);
    vTaskDelay(portMAX_DELAY);
}

static void suspends(void *argument) {
    TaskHandle_t task = NULL;
    (void)argument;
    (void)xTaskCreate(sleeps, "sleeper", 4096, "awake", 5, &task);
    assert_int_equal(eTaskGetState(task), eSuspended);
    assert_ptr_equal(xTaskGetHandle("sleeper"), task);
    assert_null(xTaskGetHandle("nobody"));
    assert_int_equal(uxTaskGetNumberOfTasks(), 2);
    vTaskResume(task);
    tell("resumed");
    assert_int_equal(eTaskGetState(task), eBlocked);
    vTaskResume(task); // it is not suspended
    vTaskDelete(task);
    assert_int_equal(eTaskGetState(task), eDeleted);
    assert_int_equal(uxTaskGetNumberOfTasks(), 1);
    assert_string_equal(pcTaskGetName(NULL), "main");
    vTaskSetThreadLocalStoragePointer(NULL, 1, &app);
    assert_ptr_equal(pvTaskGetThreadLocalStoragePointer(NULL, 1), &app);
    assert_null(pvTaskGetThreadLocalStoragePointer(NULL, 7));
}

static void test_suspension(void **state) {
    (void)state;
    expect_story(suspends, 0, "awake resumed");
}

static TaskHandle_t listener;

static void listens(void *argument) {
    uint32_t value = 0;
    (void)argument;
    for (unsigned i = 0; i < 3; i++) {
        char line[32];
        BaseType_t good = xTaskNotifyWait(0, UINT32_MAX, &value, 10);
        (void)snprintf(line, sizeof line, "%s:%u", good ? "got" : "nothing", value);
        tell(line);
    }
    vTaskDelete(NULL);
}

static void notifies(void *argument) {
    uint32_t before = 0;
    (void)argument;
    (void)xTaskCreate(listens, "listener", 4096, NULL, 0, &listener);
    (void)xTaskNotify(listener, 5, eSetBits);
    (void)xTaskNotifyAndQuery(listener, 2, eSetBits, &before);
    assert_int_equal(before, 5);
    assert_int_equal(xTaskNotify(listener, 9, eSetValueWithoutOverwrite), pdFAIL);
    vTaskDelay(1);
    (void)xTaskNotifyFromISR(listener, 3, eSetValueWithOverwrite, NULL);
    vTaskDelay(1);
    assert_int_equal(ulTaskNotifyTake(pdTRUE, 0), 0);
    (void)xTaskNotifyGive(xTaskGetCurrentTaskHandle());
    vTaskNotifyGiveFromISR(xTaskGetCurrentTaskHandle(), NULL);
    assert_int_equal(ulTaskNotifyTake(pdFALSE, 0), 2);
    assert_int_equal(ulTaskNotifyTake(pdTRUE, 0), 1);
    assert_int_equal(xTaskNotifyStateClear(NULL), pdFALSE);
    assert_int_equal(ulTaskNotifyValueClear(NULL, 1), 0);
}

static void test_notifications(void **state) {
    (void)state;
    expect_story(notifies, 0, "got:7 got:3 nothing:0");
}

// ---- event groups -------------------------------------------------------------------------------

static EventGroupHandle_t group;

static void waits_for_all(void *argument) {
    char line[32];
    EventBits_t bits = xEventGroupWaitBits(group, 3, pdTRUE, pdTRUE, portMAX_DELAY);
    (void)snprintf(line, sizeof line, "%s:%u", (const char *)argument, (unsigned)bits);
    tell(line);
    vTaskDelete(NULL);
}

static void meets(void *argument) {
    char line[32];
    (void)snprintf(line, sizeof line, "%s:%u", (const char *)argument,
                   (unsigned)xEventGroupSync(group, 16, 48, 9));
    tell(line);
    vTaskDelete(NULL);
}

static void sets_bits(void *argument) {
    StaticEventGroup_t room;
    (void)argument;
    group = xEventGroupCreate();
    (void)xTaskCreate(waits_for_all, "a", 4096, "a", 5, NULL);
    (void)xTaskCreate(waits_for_all, "b", 4096, "b", 4, NULL);
    assert_int_equal(xEventGroupSetBits(group, 1), 1);
    tell("one");
    assert_int_equal(xEventGroupSetBits(group, 6), 4); // both saw 1 and 2 before they were cleared
    assert_int_equal(xEventGroupWaitBits(group, 4, pdFALSE, pdFALSE, 0), 4);
    assert_int_equal(xEventGroupWaitBits(group, 8, pdTRUE, pdFALSE, 3), 4); // not within the time
    tell_time("timeout");
    assert_int_equal(xEventGroupClearBits(group, 4), 4);
    assert_int_equal(xEventGroupGetBits(group), 0);
    (void)xTaskCreate(meets, "m", 4096, "m", 5, NULL);
    assert_int_equal(xEventGroupSync(group, 32, 48, 9), 48);
    assert_int_equal(xEventGroupGetBitsFromISR(group), 0);
    assert_int_equal(xEventGroupSetBitsFromISR(group, 8, NULL), pdPASS);
    vEventGroupDelete(group);
    group = xEventGroupCreateStatic(&room);
    (void)xTaskCreate(waits_for_all, "c", 4096, "c", 5, NULL);
    vEventGroupDelete(group);
}

static void test_event_groups(void **state) {
    (void)state;
    expect_story(sets_bits, 0, "one a:7 b:7 timeout@30 m:48 c:0");
}

// ---- software timers ----------------------------------------------------------------------------

static void rings(TimerHandle_t timer) {
    tell_time(pcTimerGetName(timer));
    if (pvTimerGetTimerID(timer) == &app)
        (void)xTimerStop(timer, 0);
}

static void sets_timers(void *argument) {
    (void)argument;
    TimerHandle_t once = xTimerCreate("once", 3, pdFALSE, NULL, rings);
    TimerHandle_t often = xTimerCreate("often", 2, pdTRUE, NULL, rings);
    assert_null(xTimerCreate("never", 0, pdTRUE, NULL, rings));
    assert_int_equal(xTimerIsTimerActive(once), pdFALSE);
    (void)xTimerStart(once, 0);
    (void)xTimerStart(often, 0);
    assert_int_equal(xTimerGetExpiryTime(often), 2);
    vTaskDelay(7);
    assert_int_equal(xTimerIsTimerActive(once), pdFALSE);
    vTimerSetTimerID(often, &app); // it stops itself the next time
    vTaskDelay(5);
    (void)xTimerChangePeriod(once, 1, 0);
    assert_int_equal(xTimerGetPeriod(once), 1);
    (void)xTimerReset(once, 0);
    vTaskDelay(3);
    (void)xTimerDelete(once, 0);
    (void)xTimerDelete(often, 0);
    tell_time("end");
}

static void test_software_timers(void **state) {
    (void)state;
    expect_story(sets_timers, 0, "often@20 once@30 often@40 often@60 often@80 once@130 end@150");
}

// ---- what the system offers beside tasks --------------------------------------------------------

static void ticks(void *argument) {
    char line[32];
    (void)snprintf(line, sizeof line, "%s@%lld", (const char *)argument, (long long)esp_timer_get_time());
    tell(line);
}

static void sets_esp_timers(void *argument) {
    esp_timer_handle_t once = NULL, often = NULL, lazy = NULL;
    uint64_t value = 0;
    (void)argument;
    assert_int_equal(esp_timer_create(NULL, &once), ESP_ERR_INVALID_ARG);
    assert_int_equal(esp_timer_create(&(esp_timer_create_args_t){.callback = ticks, .arg = "once"}, &once),
                     ESP_OK);
    assert_int_equal(
        esp_timer_create(&(esp_timer_create_args_t){ticks, "often", ESP_TIMER_TASK, "o", false}, &often),
        ESP_OK);
    assert_int_equal(
        esp_timer_create(&(esp_timer_create_args_t){ticks, "lazy", ESP_TIMER_ISR, "l", true}, &lazy), ESP_OK);
    assert_int_equal(esp_timer_stop(once), ESP_ERR_INVALID_STATE);
    assert_int_equal(esp_timer_restart(once, 5), ESP_ERR_INVALID_STATE);
    assert_int_equal(esp_timer_start_once(once, 2500), ESP_OK);
    assert_int_equal(esp_timer_start_once(once, 2500), ESP_ERR_INVALID_STATE);
    assert_int_equal(esp_timer_get_expiry_time(once, &value), ESP_OK);
    assert_int_equal(value, 2500);
    assert_int_equal(esp_timer_start_periodic(often, 2000), ESP_OK);
    assert_int_equal(esp_timer_get_period(often, &value), ESP_OK);
    assert_int_equal(value, 2000);
    assert_int_equal(esp_timer_delete(often), ESP_ERR_INVALID_STATE);
    vTaskDelay(1);
    assert_false(esp_timer_is_active(once));
    assert_int_equal(esp_timer_restart(often, 40000), ESP_OK);
    assert_int_equal(esp_timer_stop(often), ESP_OK);
    assert_int_equal(esp_timer_delete(often), ESP_OK);
    tell("busy");
    assert_int_equal(esp_timer_start_periodic(lazy, 30000), ESP_OK);
    (void)port_flash_erase(0x100000, 4096); // 100 ms: two of three expiries are skipped
    assert_int_equal(esp_timer_stop(lazy), ESP_OK);
    tell("idle");
}

static void test_esp_timers(void **state) {
    (void)state;
    expect_story(sets_esp_timers, 0,
                 "often@2000 once@2500 often@4000 often@6000 often@8000 often@10000 busy lazy@110000 idle");
}

static uint32_t first_numbers[4];

static void asks_the_system(void *argument) {
    uint8_t mac[6], bytes[5];
    (void)argument;
    for (unsigned i = 0; i < 4; i++)
        first_numbers[i] = esp_random();
    assert_true(first_numbers[0] != first_numbers[1] && first_numbers[2] != 0);
    esp_fill_random(bytes, sizeof bytes);
    assert_int_equal(esp_read_mac(mac, ESP_MAC_ETH), ESP_OK);
    assert_true(mac[0] == 2 && mac[5] == 3);
    assert_int_equal(esp_efuse_mac_get_default(mac), ESP_OK);
    assert_int_equal(esp_base_mac_addr_get(NULL), ESP_ERR_INVALID_ARG);
    assert_int_equal(esp_task_wdt_init(NULL), ESP_ERR_INVALID_ARG);
    assert_int_equal(esp_task_wdt_reset(), ESP_OK);
    vTaskDelay(3);
    assert_int_equal(esp_log_timestamp(), 30);
    assert_string_equal(esp_get_idf_version(), "v6.0");
}

static void test_the_system(void **state) {
    (void)state;
    uint32_t before[4] = {0};
    for (unsigned again = 0; again < 2; again++) {
        app_begins(0);
        assert_int_equal(app_goes_on(asks_the_system), BOARD_RETURNED);
        assert_true(again == 0 || memcmp(before, first_numbers, sizeof before) == 0);
        memcpy(before, first_numbers, sizeof before);
        app_ends();
    }
}

static void farewell(void) {
    tell("farewell");
}

static void goodbye(void) {
    tell("goodbye");
    system_restart();
}

static void restarts(void *argument) {
    (void)argument;
    assert_int_equal(esp_register_shutdown_handler(NULL), ESP_ERR_INVALID_ARG);
    assert_int_equal(esp_register_shutdown_handler(farewell), ESP_OK);
    assert_int_equal(esp_register_shutdown_handler(farewell), ESP_ERR_INVALID_STATE);
    assert_int_equal(esp_unregister_shutdown_handler(goodbye), ESP_ERR_INVALID_STATE);
    assert_int_equal(esp_register_shutdown_handler(goodbye), ESP_OK);
    system_restart();
}

static void test_shutdown_handlers(void **state) {
    (void)state;
    app_begins(0);
    assert_int_equal(app_goes_on(restarts), BOARD_RESTARTED);
    assert_string_equal(app.story, "goodbye farewell");
    app_ends();
}

// Check values of the catalogue of CRCs, over "123456789".
static void test_crcs(void **state) {
    (void)state;
    const uint8_t *digits = (const uint8_t *)"123456789";
    assert_int_equal(esp_rom_crc32_le(0, digits, 9), 0xCBF43926);    // CRC-32/ISO-HDLC
    assert_int_equal(esp_rom_crc32_be(0, digits, 9), 0xFC891918);    // CRC-32/BZIP2
    assert_int_equal(esp_rom_crc16_le(0, digits, 9), 0x906E);        // CRC-16/IBM-SDLC
    assert_int_equal(esp_rom_crc16_be(0, digits, 9), 0xD64E);        // CRC-16/GENIBUS
    assert_int_equal(esp_rom_crc8_le(0, digits, 9), 0xD0 ^ 0xFF);    // CRC-8/ROHC, complemented
    assert_int_equal(esp_rom_crc8_be(0xFF, digits, 9), 0xF4 ^ 0xFF); // CRC-8/SMBUS, complemented
    uint32_t crc = esp_rom_crc32_le(0, digits, 4);
    assert_int_equal(esp_rom_crc32_le(crc, digits + 4, 5), 0xCBF43926);
}

// ---- other orders -------------------------------------------------------------------------------

static unsigned shared_value;

static void increments(void *argument) { // reads, is busy, writes: right as long as nobody else does the same
    unsigned before = shared_value;
    (void)port_flash_erase(0x100000, 4096);
    shared_value = before + 1;
    (void)argument;
    vTaskDelete(NULL);
}

static void races(void *argument) {
    (void)argument;
    shared_value = 0;
    vTaskPrioritySet(NULL, 6);
    (void)xTaskCreate(increments, "a", 4096, NULL, 3, NULL);
    (void)xTaskCreate(increments, "b", 4096, NULL, 2, NULL);
}

static void test_schedules_find_a_race(void **state) {
    (void)state;
    unsigned lost = 0, different = 0;
    for (uint32_t schedule = 0; schedule < 20; schedule++) {
        unsigned values[2];
        uint64_t differed[2];
        for (unsigned again = 0; again < 2; again++) { // the same each time
            app_begins(schedule);
            assert_int_equal(app_goes_on(races), BOARD_RETURNED);
            values[again] = shared_value;
            differed[again] = app.rtos.schedule.differed;
            app_ends();
        }
        assert_int_equal(values[0], values[1]);
        assert_int_equal(differed[0], differed[1]);
        assert_true(schedule != 0 || (values[0] == 2 && differed[0] == 0)); // the scheduler's own is right
        lost += values[0] == 1;
        different += differed[0] != 0;
    }
    assert_true(lost > 0 && different >= lost);
}

static void test_schedule_choices(void **state) {
    (void)state;
    for (uint64_t ordinal = 0; ordinal < 10; ordinal++) {
        assert_int_equal(rtos_schedule_choice(0, ordinal, 5), 0);
        assert_int_equal(rtos_schedule_choice(8, ordinal, 5), ordinal == 3 ? 1 : 0);
        assert_true(rtos_schedule_choice(7, ordinal, 3) < 3);
        assert_int_equal(rtos_schedule_choice(7, ordinal, 1), 0);
    }
}

// ---- cuts ---------------------------------------------------------------------------------------

// A cut ends all tasks, wherever they are, and the next start knows nothing of them.
static void test_cuts_among_tasks(void **state) {
    (void)state;
    for (uint64_t cut = 0; cut < 6; cut++) {
        app_begins(0);
        board_cut_at_operation(app.board, cut, &(struct tear){.kind = TEAR_CLEAN});
        assert_int_equal(app_goes_on(two_write), BOARD_POWER_LOST);
        assert_false(rtos_runs());
        rtos_end(&app.rtos);
        app.story[0] = '\0';
        rtos_start(&app.rtos, &services, 0);
        assert_int_equal(app_goes_on(two_write), BOARD_RETURNED);
        assert_string_equal(app.story, "a b a b a b");
        app_ends();
    }
}

static void too_many(void *argument) {
    unsigned made = 1;
    (void)argument;
    vTaskPrioritySet(NULL, 6);
    while (xTaskCreate(says_its_name, "x", 4096, "x", 1, NULL) == pdPASS)
        made++;
    assert_int_equal(made, RTOS_TASKS_MAX);
    assert_null(xTaskCreateStatic(says_its_name, "x", 4096, "x", 1, NULL, NULL));
    app.story[0] = '\0';
}

static void test_too_many_tasks(void **state) {
    (void)state;
    app_begins(0);
    assert_int_equal(app_goes_on(too_many), BOARD_RETURNED);
    app_ends();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_priorities),
        cmocka_unit_test(test_equals_in_turn),
        cmocka_unit_test(test_first_in_first_out),
        cmocka_unit_test(test_delays),
        cmocka_unit_test(test_delay_until),
        cmocka_unit_test(test_a_heartbeat_is_rest),
        cmocka_unit_test(test_timeout_while_flash_is_busy),
        cmocka_unit_test(test_timeout_with_priorities_swapped),
        cmocka_unit_test(test_time_slices),
        cmocka_unit_test(test_a_call_of_nvs_is_whole),
        cmocka_unit_test(test_calls_belong_to_tasks),
        cmocka_unit_test(test_queue_of_one),
        cmocka_unit_test(test_queue_answers),
        cmocka_unit_test(test_priority_inheritance),
        cmocka_unit_test(test_what_was_lent_is_taken_back),
        cmocka_unit_test(test_semaphore_answers),
        cmocka_unit_test(test_misuse_is_a_panic),
        cmocka_unit_test(test_critical_sections),
        cmocka_unit_test(test_suspension),
        cmocka_unit_test(test_notifications),
        cmocka_unit_test(test_event_groups),
        cmocka_unit_test(test_software_timers),
        cmocka_unit_test(test_esp_timers),
        cmocka_unit_test(test_the_system),
        cmocka_unit_test(test_shutdown_handlers),
        cmocka_unit_test(test_crcs),
        cmocka_unit_test(test_schedules_find_a_race),
        cmocka_unit_test(test_schedule_choices),
        cmocka_unit_test(test_cuts_among_tasks),
        cmocka_unit_test(test_too_many_tasks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
