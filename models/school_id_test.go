package models_test

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"testing"

	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"github.com/ouderavond/ouderavond/models"
)

// pass is a scoped table, cut down to what the clauses are about.
type pass struct {
	SchoolID models.SchoolID `gorm:"primaryKey"`
	ID       models.RowID    `gorm:"primaryKey"`
	Name     string
	OwnerID  models.RowID
	Owner    *owner `gorm:"foreignKey:OwnerID;references:ID"`
}

type owner struct {
	SchoolID models.SchoolID `gorm:"primaryKey"`
	ID       models.RowID    `gorm:"primaryKey"`
	Name     string
}

// twoSchools gives a database in which two schools have rows of the same ids, and the two schools. The rows are named by their school.
func twoSchools(t *testing.T) (db *gorm.DB, here, there models.SchoolID) {
	t.Helper()
	db, err := gorm.Open(sqlite.Open(filepath.Join(t.TempDir(), "test.db")), &gorm.Config{Logger: logger.Discard})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		pool, err := db.DB()
		if err == nil {
			_ = pool.Close()
		}
	})
	for _, table := range []string{
		"CREATE TABLE owners (school_id BLOB NOT NULL, id BLOB NOT NULL, name TEXT, PRIMARY KEY (school_id, id))",
		"CREATE TABLE passes (school_id BLOB NOT NULL, id BLOB NOT NULL, name TEXT, owner_id BLOB, PRIMARY KEY (school_id, id))",
	} {
		if err := db.Exec(table).Error; err != nil {
			t.Fatal(err)
		}
	}
	here, there = models.New[models.SchoolID](), models.New[models.SchoolID]()
	for school, name := range map[models.SchoolID]string{here: "here", there: "there"} {
		in := db.WithContext(models.WithSchool(context.Background(), school))
		if err := in.Create(&owner{school, models.RowID{9}, name}).Error; err != nil {
			t.Fatal(err)
		}
		for n := byte(1); n <= 3; n++ {
			if err := in.Create(&pass{SchoolID: school, ID: models.RowID{n}, Name: name, OwnerID: models.RowID{9}}).Error; err != nil {
				t.Fatal(err)
			}
		}
	}
	return db, here, there
}

func namesOf(passes []pass) []string {
	var names []string
	for _, one := range passes {
		names = append(names, one.Name)
	}
	return names
}

func TestNoConditionReachesAnotherSchool(t *testing.T) {
	t.Parallel()
	db, here, there := twoSchools(t)
	in := func() *gorm.DB { return db.WithContext(models.WithSchool(context.Background(), here)) }
	tests := map[string]struct {
		query *gorm.DB
		want  int
	}{
		"nothing":                    {in(), 3},
		"one or":                     {in().Where("name = ?", "nobody").Or("name = ?", "there"), 0},
		"always or":                  {in().Where("1 = 1").Or("1 = 1"), 3},
		"only or":                    {in().Or("1 = 1"), 3},
		"or in a text":               {in().Where("name = 'here' OR name = 'there'"), 3},
		"not":                        {in().Not("name = ?", "here"), 0},
		"the other school's id":      {in().Where("school_id = ?", there), 0},
		"a struct of the other":      {in().Where(&pass{SchoolID: there}), 0},
		"a struct without a school":  {in().Where(&pass{Name: "there"}), 0},
		"groups":                     {in().Where(in().Where("name = ?", "there").Or("name = ?", "here")).Or("id IS NOT NULL"), 3},
		"a limit":                    {in().Limit(2), 2},
		"a selected column":          {in().Select("name"), 3},
		"a join of the model":        {in().Joins("Owner"), 3},
		"rows with what they own":    {in().Preload("Owner"), 3},
		"a query of distinct values": {in().Distinct("name"), 1},
	}
	for name, tt := range tests {
		var found []pass
		if err := tt.query.Find(&found).Error; err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if len(found) != tt.want || slices.Contains(namesOf(found), "there") {
			t.Errorf("%s: rows of %v", name, namesOf(found))
		}
		for _, one := range found {
			if one.Owner != nil && one.Owner.Name != "here" {
				t.Errorf("%s: owner of %s", name, one.Owner.Name)
			}
		}
	}
	var count int64
	if err := in().Model(&pass{}).Where("1 = 0").Or("1 = 1").Count(&count).Error; err != nil || count != 3 {
		t.Errorf("count %d, %v", count, err)
	}
}

func TestNoChangeReachesAnotherSchool(t *testing.T) {
	t.Parallel()
	changes := map[string]func(in *gorm.DB, there models.SchoolID) *gorm.DB{
		"an update by id": func(in *gorm.DB, _ models.SchoolID) *gorm.DB {
			return in.Model(&pass{}).Where("id = ?", models.RowID{1}).Update("name", "changed")
		},
		"an update with or": func(in *gorm.DB, _ models.SchoolID) *gorm.DB {
			return in.Model(&pass{}).Where("1 = 0").Or("1 = 1").Update("name", "changed")
		},
		"an update of a map": func(in *gorm.DB, _ models.SchoolID) *gorm.DB {
			return in.Model(&pass{}).Where("1 = 1").Updates(map[string]any{"name": "changed"})
		},
		"an update of its row": func(in *gorm.DB, there models.SchoolID) *gorm.DB {
			return in.Model(&pass{SchoolID: there, ID: models.RowID{1}}).Update("name", "changed")
		},
		"a deletion by id": func(in *gorm.DB, _ models.SchoolID) *gorm.DB {
			return in.Where("id = ?", models.RowID{1}).Delete(&pass{})
		},
		"a deletion with or": func(in *gorm.DB, _ models.SchoolID) *gorm.DB { return in.Where("1 = 0").Or("1 = 1").Delete(&pass{}) },
		"a deletion of its row": func(in *gorm.DB, there models.SchoolID) *gorm.DB {
			return in.Delete(&pass{SchoolID: there, ID: models.RowID{1}})
		},
		"a creation": func(in *gorm.DB, there models.SchoolID) *gorm.DB {
			return in.Create(&pass{SchoolID: there, ID: models.RowID{4}})
		},
		"a creation of several": func(in *gorm.DB, there models.SchoolID) *gorm.DB {
			return in.Create([]*pass{{SchoolID: there, ID: models.RowID{5}}, {SchoolID: there, ID: models.RowID{6}}})
		},
		"a creation without a school": func(in *gorm.DB, _ models.SchoolID) *gorm.DB { return in.Create(&pass{ID: models.RowID{6}}) },
		"a creation from a map": func(in *gorm.DB, there models.SchoolID) *gorm.DB {
			return in.Model(&pass{}).Create(map[string]any{"school_id": there, "id": models.RowID{7}})
		},
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db, here, there := twoSchools(t)
			_ = change(db.WithContext(models.WithSchool(context.Background(), here)), there)
			var left []pass
			if err := db.WithContext(models.WithSchool(context.Background(), there)).Find(&left).Error; err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(namesOf(left), []string{"there", "there", "there"}) {
				t.Errorf("the other school has %v", namesOf(left))
			}
		})
	}
}

func TestAStatementWithoutASchoolFails(t *testing.T) {
	t.Parallel()
	db, here, there := twoSchools(t)
	for name, ctx := range map[string]context.Context{
		"no school": context.Background(), "the zero school": models.WithSchool(context.Background(), models.SchoolID{}),
	} {
		in := func() *gorm.DB { return db.WithContext(ctx) }
		var found []pass
		var count int64
		for call, err := range map[string]error{
			"find":   in().Find(&found).Error,
			"count":  in().Model(&pass{}).Count(&count).Error,
			"update": in().Model(&pass{}).Where("1 = 1").Update("name", "changed").Error,
			"delete": in().Where("1 = 1").Delete(&pass{}).Error,
			"create": in().Create(&pass{SchoolID: here, ID: models.RowID{8}}).Error,
			"join":   in().Joins("Owner").Find(&found).Error,
		} {
			if !errors.Is(err, models.ErrNoSchool) {
				t.Errorf("%s, %s: %v", name, call, err)
			}
		}
		if len(found) != 0 || count != 0 {
			t.Errorf("%s: %d rows, counted %d", name, len(found), count)
		}
	}
	for _, school := range []models.SchoolID{here, there} {
		var rows []pass
		if err := db.WithContext(models.WithSchool(context.Background(), school)).Find(&rows).Error; err != nil || len(rows) != 3 || slices.Contains(namesOf(rows), "changed") {
			t.Errorf("rows %v, %v", namesOf(rows), err)
		}
	}
}

func TestARowOfAnotherSchoolIsNotCreated(t *testing.T) {
	t.Parallel()
	db, here, there := twoSchools(t)
	in := func() *gorm.DB { return db.WithContext(models.WithSchool(context.Background(), here)) }
	for name, err := range map[string]error{
		"one":              in().Create(&pass{SchoolID: there, ID: models.RowID{4}}).Error,
		"without a school": in().Create(&pass{ID: models.RowID{4}}).Error,
		"among others":     in().Create([]pass{{SchoolID: here, ID: models.RowID{4}}, {SchoolID: there, ID: models.RowID{4}}}).Error,
		"by pointers":      in().Create([]*pass{{SchoolID: here, ID: models.RowID{4}}, {SchoolID: there, ID: models.RowID{4}}}).Error,
		"from a map":       in().Model(&pass{}).Create(map[string]any{"school_id": here, "id": models.RowID{4}}).Error,
	} {
		if !errors.Is(err, models.ErrOtherSchool) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := in().Create([]*pass{{SchoolID: here, ID: models.RowID{4}}, {SchoolID: here, ID: models.RowID{5}}}).Error; err != nil {
		t.Errorf("own rows: %v", err)
	}
}
