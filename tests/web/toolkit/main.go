// Says of each file whether the exporter toolkit accepts it: one line a file, "accept NAME" or
// "reject NAME: why".
package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/prometheus/exporter-toolkit/web"
)

func main() {
	for _, path := range os.Args[1:] {
		if err := web.Validate(path); err != nil {
			fmt.Printf("reject %s: %s\n", path, strings.ReplaceAll(err.Error(), "\n", " "))
		} else {
			fmt.Printf("accept %s\n", path)
		}
	}
}
