// Which ESP-IDF the sources are compiled for. The board's release is chosen when it runs (`--release`,
// esp_get_idf_version()); these say 6.0.0 unless the compiler is told otherwise, -DESP_IDF_VERSION_MAJOR=5.
#ifndef ESP_IDF_VERSION_H
#define ESP_IDF_VERSION_H

#ifndef ESP_IDF_VERSION_MAJOR
#define ESP_IDF_VERSION_MAJOR 6
#endif
#ifndef ESP_IDF_VERSION_MINOR
#define ESP_IDF_VERSION_MINOR 0
#endif
#ifndef ESP_IDF_VERSION_PATCH
#define ESP_IDF_VERSION_PATCH 0
#endif
#define ESP_IDF_VERSION_VAL(major, minor, patch) (((major) << 16) | ((minor) << 8) | (patch))
#define ESP_IDF_VERSION                                                                                      \
    ESP_IDF_VERSION_VAL(ESP_IDF_VERSION_MAJOR, ESP_IDF_VERSION_MINOR, ESP_IDF_VERSION_PATCH)

#ifdef __cplusplus
extern "C" {
#endif

const char *esp_get_idf_version(void); // of the board's app: "v6.0"

#ifdef __cplusplus
}
#endif

#endif
