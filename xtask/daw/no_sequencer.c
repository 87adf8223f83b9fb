/* Qtractor does not start without ALSA's sequencer, which containers and many servers lack. Loaded before libasound,
   this stands in for it: a sequencer that nothing is connected to, whose clock runs.

   Functions that only have to succeed are declared without parameters: by the C calling conventions of Linux a caller
   may pass more than is looked at. */
#include <errno.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

#define SUCCEEDS(name) int name() { return 0; }
#define FAILS(name) int name() { return -ENOENT; }
#define COUNTS(name) int name() { static int count; return count++; }

static int ends[2] = {-1, -1};
static double begun;

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec + now.tv_nsec * 1e-9;
}

int snd_seq_open(void **sequencer) {
    if (ends[0] < 0 && pipe(ends) < 0) return -errno;
    begun = seconds();
    *sequencer = ends;
    return 0;
}

int snd_seq_client_id() { return 128; }
int snd_seq_poll_descriptors_count() { return 1; }

/* What never has anything to read. */
int snd_seq_poll_descriptors(void *sequencer, struct pollfd *polled, unsigned room) {
    (void)sequencer;
    if (room < 1) return 0;
    *polled = (struct pollfd){.fd = ends[0], .events = POLLIN};
    return 1;
}

int snd_seq_event_input(void *sequencer, void **event) {
    (void)sequencer;
    *event = 0;
    return -EAGAIN;
}

/* 960 ticks a quarter note, 120 quarter notes a minute. */
unsigned snd_seq_queue_status_get_tick_time() { return (seconds() - begun) * 2 * 960; }

COUNTS(snd_seq_create_simple_port)
COUNTS(snd_seq_alloc_queue)
FAILS(snd_seq_get_any_client_info)
FAILS(snd_seq_get_any_port_info)
FAILS(snd_seq_query_next_client)
FAILS(snd_seq_query_next_port)
FAILS(snd_seq_query_port_subscribers)
SUCCEEDS(snd_seq_close)
SUCCEEDS(snd_seq_control_queue)
SUCCEEDS(snd_seq_delete_simple_port)
SUCCEEDS(snd_seq_drain_output)
SUCCEEDS(snd_seq_drop_input)
SUCCEEDS(snd_seq_drop_output)
SUCCEEDS(snd_seq_event_input_pending)
SUCCEEDS(snd_seq_event_output)
SUCCEEDS(snd_seq_event_output_direct)
SUCCEEDS(snd_seq_free_event)
SUCCEEDS(snd_seq_free_queue)
SUCCEEDS(snd_seq_get_port_info)
SUCCEEDS(snd_seq_get_queue_status)
SUCCEEDS(snd_seq_get_queue_tempo)
SUCCEEDS(snd_seq_remove_events)
SUCCEEDS(snd_seq_set_client_name)
SUCCEEDS(snd_seq_set_port_info)
SUCCEEDS(snd_seq_set_queue_tempo)
SUCCEEDS(snd_seq_set_queue_timer)
SUCCEEDS(snd_seq_subscribe_port)
SUCCEEDS(snd_seq_unsubscribe_port)
