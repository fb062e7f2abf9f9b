package settings

import "fmt"

// chooseWay finds the way to sign in. ok is false if no source has credentials of any.
func chooseWay(sources []source) (chosen way, ok bool, err error) {
	noServerKeys := saysNo(merge(sources)[ServerKeys])
	for rank, s := range sources {
		var begun, complete []way
		for _, w := range ways {
			if !w.begunBy(s) || noServerKeys && w.hasCredential(ServerKeys) {
				continue
			}
			begun = append(begun, w)
			if w.completedBy(sources[rank:]) {
				complete = append(complete, w)
			}
		}

		switch {
		case len(begun) == 0:
			continue
		case rank == 0 && len(begun) > 1:
			return way{}, false, fmt.Errorf(
				"Unable to choose a way to sign in: %s gives settings of both %s and %s; leave out one",
				s.title, begun[0].name, begun[1].name)
		case len(complete) > 0:
			return complete[0], true, nil
		default:
			return begun[0], true, nil
		}
	}
	return way{}, false, nil
}

// begunBy reports whether the source gives one of the way's credentials.
func (w way) begunBy(s source) bool {
	for _, alternatives := range w.credentials {
		if anyGives([]source{s}, alternatives) {
			return true
		}
	}
	return false
}

// completedBy reports whether the sources together give all of the way's credentials.
func (w way) completedBy(sources []source) bool {
	for _, alternatives := range w.credentials {
		if !anyGives(sources, alternatives) {
			return false
		}
	}
	return true
}

// anyGives reports whether a source gives one of the settings; a refusal of the server's keys gives none.
func anyGives(sources []source, names []Name) bool {
	for _, s := range sources {
		for _, name := range names {
			if val, ok := s.find(settingNamed(name)); ok && (name != ServerKeys || !saysNo(val)) {
				return true
			}
		}
	}
	return false
}

func saysNo(val value) bool {
	yes, ok := parseBool(val.text.Reveal())
	return ok && !yes
}
