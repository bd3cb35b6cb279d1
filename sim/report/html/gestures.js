// Wheel, fingers and keys on a picture that shows a TimeWindow. Each calls changed() when the window moved.

// `share`: where in the window the pointer is, 0 to 1.
function shareAt(box, event) {
    const place = box.getBoundingClientRect();
    return Math.min(Math.max((event.clientX - place.left) / place.width, 0), 1);
}

// Away from oneself is closer. Sideways pans. A wheel that finds nothing to zoom out of scrolls the page.
function zoomByWheel(box, view, changed) {
    box.addEventListener(
        'wheel',
        (event) => {
            if (event.deltaY > 0 && view.whole) return;
            event.preventDefault();
            if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) view.pan(event.deltaX / box.clientWidth);
            else view.zoom(2 ** (Math.max(-120, Math.min(event.deltaY, 120)) / 120), shareAt(box, event));
            changed();
        },
        {passive: false},
    );
}

// One finger (or the mouse button) pans, two zoom. A press that goes nowhere is a click: clicked(event).
function zoomByFingers(box, view, changed, clicked) {
    const down = new Map(); // of pointers: where each was last
    let moved = 0;
    box.addEventListener('pointerdown', (event) => {
        if (down.size === 0) moved = 0;
        down.set(event.pointerId, event.clientX);
        box.setPointerCapture(event.pointerId);
    });
    box.addEventListener('pointermove', (event) => {
        if (!down.has(event.pointerId)) return;
        const before = [...down.values()],
            step = event.clientX - down.get(event.pointerId);
        down.set(event.pointerId, event.clientX);
        const after = [...down.values()];
        moved += Math.abs(step);
        if (down.size === 1) view.pan(-step / box.clientWidth);
        else if (down.size === 2)
            view.zoom(
                Math.max(Math.abs(before[0] - before[1]), 8) / Math.max(Math.abs(after[0] - after[1]), 8),
                shareAt(box, event),
            );
        changed();
    });
    const lift = (event) => {
        if (down.delete(event.pointerId) && event.type === 'pointerup' && moved < 5) clicked(event);
    };
    box.addEventListener('pointerup', lift);
    box.addEventListener('pointercancel', lift);
}

// keys: {'+': f, ArrowLeft: f, ...}; Shift+ArrowLeft is asked for as 'Shift+ArrowLeft'.
function actOnKeys(box, keys) {
    box.addEventListener('keydown', (event) => {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        const action = keys[event.shiftKey && event.key.length > 1 ? `Shift+${event.key}` : event.key];
        if (action) {
            event.preventDefault();
            action();
        }
    });
}
