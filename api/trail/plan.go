package trail

import (
	"reflect"
	"slices"
	"sync"

	"github.com/ouderavond/ouderavond/models"
)

// kinds are the types of ids that stand for somebody.
var kinds = map[reflect.Type]models.PersonKind{
	reflect.TypeFor[models.PupilID]():     models.PersonPupil,
	reflect.TypeFor[models.HouseholdID](): models.PersonHousehold,
	reflect.TypeFor[models.GuardianID]():  models.PersonGuardian,
	reflect.TypeFor[models.ContactID]():   models.PersonContact,
	reflect.TypeFor[models.StaffID]():     models.PersonStaff,
	reflect.TypeFor[models.AccountID]():   models.PersonAccount,
	reflect.TypeFor[models.SchoolID]():    models.PersonSchool,
}

// Plan is where in values of a type ids of persons can be. It is made once for a type; what cannot hold any is not looked at again.
type Plan struct {
	kind models.PersonKind // of an id itself
	// fields are those of a struct that can hold ids; element is the plan of what a list, an array, a pointer or a map holds, key of a map's keys.
	fields       []planned
	element, key *Plan
	// open is a type of which only the value tells what it is.
	open bool
	// holds tells whether values can hold ids at all; of a type that holds itself it is taken for granted while its plan is made.
	holds bool
}

type planned struct {
	index int
	plan  *Plan
}

// plans are those that were made.
var plans sync.Map // of reflect.Type, *Plan

// PlanOf gives the plan of a type.
func PlanOf(of reflect.Type) *Plan {
	if made, ok := plans.Load(of); ok {
		return made.(*Plan)
	}
	making := map[reflect.Type]*Plan{}
	made := planOf(of, making)
	plans.Store(of, made)
	return made
}

func planOf(of reflect.Type, making map[reflect.Type]*Plan) *Plan {
	if kind, ok := kinds[of]; ok {
		return &Plan{kind: kind, holds: true}
	}
	if made, ok := making[of]; ok {
		return made
	}
	plan := &Plan{holds: true}
	making[of] = plan
	switch of.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array:
		plan.element = planOf(of.Elem(), making)
		plan.holds = plan.element.holds
	case reflect.Map:
		plan.key, plan.element = planOf(of.Key(), making), planOf(of.Elem(), making)
		plan.holds = plan.key.holds || plan.element.holds
	case reflect.Interface:
		plan.open = true
	case reflect.Struct:
		for i := range of.NumField() {
			if field := planOf(of.Field(i).Type, making); field.holds {
				plan.fields = append(plan.fields, planned{i, field})
			}
		}
		plan.holds = len(plan.fields) > 0
	default:
		plan.holds = false
	}
	return plan
}

// Names tells whether values of the type can hold an id of somebody.
func (p *Plan) Names() bool { return p.names(map[*Plan]bool{}) }

func (p *Plan) names(asked map[*Plan]bool) bool {
	if p == nil || asked[p] {
		return false
	}
	asked[p] = true
	return p.kind != "" || p.element.names(asked) || p.key.names(asked) ||
		slices.ContainsFunc(p.fields, func(field planned) bool { return field.plan.names(asked) })
}

// collect adds the persons whose ids stand in a value.
func (p *Plan) collect(value reflect.Value, into *[]models.Person) {
	switch {
	case p.kind != "":
		if id := idOf(value); id != ([16]byte{}) {
			*into = append(*into, models.Person{Kind: p.kind, ID: id})
		}
	case p.open:
		if !value.IsNil() {
			PlanOf(value.Elem().Type()).collect(value.Elem(), into)
		}
	case !p.holds:
	case p.fields != nil:
		for _, field := range p.fields {
			field.plan.collect(value.Field(field.index), into)
		}
	case value.Kind() == reflect.Pointer:
		if !value.IsNil() {
			p.element.collect(value.Elem(), into)
		}
	case value.Kind() == reflect.Map:
		for entries := value.MapRange(); entries.Next(); {
			p.key.collect(entries.Key(), into)
			p.element.collect(entries.Value(), into)
		}
	default:
		for i := range value.Len() {
			p.element.collect(value.Index(i), into)
		}
	}
}

// idOf reads an id, also one in a field that is not exported.
func idOf(value reflect.Value) (id [16]byte) {
	for i := range id {
		id[i] = byte(value.Index(i).Uint())
	}
	return id
}
